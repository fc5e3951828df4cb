import type { InputTransformer, TargetResource } from '../template/model.ts'
import type { EventEnvelope } from './put-events.ts'

/** The value at a path such as `$.detail.status`. */
function valueAt(envelope: EventEnvelope, path: string): unknown {
  const names = path
    .replace(/^\$\.?/, '')
    .split('.')
    .filter(name => name !== '')
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], envelope)
}

/** As EventBridge puts a value into a text: without quotes of its own, and nothing for one that is not there. */
function insertion(value: unknown): string {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return JSON.stringify(text).slice(1, -1)
}

const transformed = ({ template, paths }: InputTransformer, envelope: EventEnvelope): string =>
  template.replaceAll(/<([\w-]+)>/g, (_, name: string) => insertion(valueAt(envelope, paths[name] ?? '$')))

/** What the target is given: JSON text. */
export function toTargetInput(target: TargetResource, envelope: EventEnvelope): string {
  if (target.input !== undefined) return target.input
  if (target.transformer) return transformed(target.transformer, envelope)
  return JSON.stringify(valueAt(envelope, target.inputPath ?? '$')) ?? 'null'
}
