import type { InputTransformer, TargetResource } from '../template/model.ts'
import type { EventEnvelope } from './put-events.ts'

/** Returns the value at a path such as `$.detail.status`. */
function valueAt(envelope: EventEnvelope, path: string): unknown {
  const names = path
    .replace(/^\$\.?/, '')
    .split('.')
    .filter(name => name !== '')
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], envelope)
}

/** Formats a value as EventBridge puts it into a text: without quotes, and as nothing if it is absent. */
function toInsertedText(value: unknown): string {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return JSON.stringify(text).slice(1, -1)
}

const transformInput = ({ template, paths }: InputTransformer, envelope: EventEnvelope): string =>
  template.replaceAll(/<([\w-]+)>/g, (_, name: string) =>
    toInsertedText(valueAt(envelope, paths[name] ?? '$')),
  )

/** Returns the input of the target, as JSON text. */
export function toTargetInput(target: TargetResource, envelope: EventEnvelope): string {
  if (target.input !== undefined) return target.input
  if (target.transformer) return transformInput(target.transformer, envelope)
  return JSON.stringify(valueAt(envelope, target.inputPath ?? '$')) ?? 'null'
}
