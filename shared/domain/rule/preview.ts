import type { ProcessingRule } from '../source/source.ts'
import { parseItem, toItemText } from '../stream/item.ts'
import { applyRules } from './apply-rules.ts'
import { compileRules } from './compiled-rules.ts'
import type { Compile } from './expression.ts'

/** What rules would make of a sample event. Rules are named, and `text` is what would be delivered. */
export type Preview =
  | { readonly outcome: 'kept'; readonly text: string }
  | { readonly outcome: 'dropped'; readonly by: string }
  | { readonly outcome: 'changed'; readonly text: string; readonly by: readonly string[] }
  | { readonly outcome: 'invalid'; readonly why: string }

function readSample(sample: string): string | undefined {
  try {
    return toItemText(parseItem(Buffer.from(sample)))
  } catch {
    return undefined
  }
}

/** Shows what rules make of a sample event. The rules must have been checked. */
export function previewRules(compile: Compile, rules: readonly ProcessingRule[], sample: string): Preview {
  const text = readSample(sample)
  if (text === undefined) return { outcome: 'invalid', why: 'The sample must be one event: a JSON object.' }
  const judged = applyRules(compileRules(compile, rules), text)
  if (judged.outcome === 'kept') return { outcome: 'kept', text }
  if (judged.outcome === 'dropped') return { outcome: 'dropped', by: judged.by.name }
  return { outcome: 'changed', text: judged.json, by: judged.by.map(({ name }) => name) }
}
