import { during } from '../../shared/domain/failure/failure.ts'
import { applyRules } from '../../shared/domain/rule/apply-rules.ts'
import {
  type CompiledRule,
  type CompiledRules,
  compileRules,
} from '../../shared/domain/rule/compiled-rules.ts'
import { markChanged } from '../../shared/domain/stream/event-mark.ts'
import { type Item, parseItem, toItemText } from '../../shared/domain/stream/item.ts'
import type { Page } from '../../shared/domain/stream/page.ts'
import { createRuleTimer } from './rule-timer.ts'
import { hasRules, type Run } from './run.ts'

/*
 * The stage between the dropping of what was delivered before and the delivery. Events are recognised before rules are applied
 * to them, so it does not matter which rules were in force when they were delivered.
 */

/** Applies the processing rules of the source to a page that is to be delivered. Throws RunFailure. */
export type ApplyRules = (page: Page) => Promise<Page>

/** Which rules have dropped or changed how many events of a page. */
type Counter = Map<string, number>

function count(counter: Counter, rules: readonly CompiledRule[]): void {
  for (const { id } of rules) counter.set(id, (counter.get(id) ?? 0) + 1)
}

/**
 * Makes the item of a changed event. Its time stays the one that was received: the task, and the lake's records, need it. An event
 * whose uuid cannot be seen any more gets a mark.
 */
function toChangedItem(item: Item, json: string, salt: string | undefined): Item {
  const { timestamp: _, ...changed } = parseItem(Buffer.from(json))
  const isRecognised = item.uuid !== undefined && item.uuid === changed.uuid
  return {
    ...changed,
    ...(item.timestamp !== undefined && { timestamp: item.timestamp }),
    ...(!isRecognised && salt !== undefined && { mark: markChanged(item, salt) }),
  }
}

async function applyToPage(run: Run, rules: CompiledRules, page: Page): Promise<Page> {
  const { markSalt } = run.registered.source
  const timer = createRuleTimer(run.ports.clock)
  const counter: Counter = new Map()
  const items: Item[] = []
  for (const item of page.items) {
    const judged = applyRules(rules, toItemText(item), timer.onStep)
    await timer.afterEvent()
    if (judged.outcome === 'kept') items.push(item)
    else if (judged.outcome === 'dropped') count(counter, [judged.by])
    else {
      count(counter, judged.by)
      items.push(toChangedItem(item, judged.json, markSalt))
    }
  }
  return { ...page, items, ...(counter.size > 0 && { filtered: Object.fromEntries(counter) }) }
}

async function loadRules({ ports, registered }: Run): Promise<CompiledRules> {
  const compile = await during('loading the processing rules', ports.expressions.load())
  return compileRules(compile, registered.source.filters ?? [])
}

/** A run of a source without rules loads nothing and copies nothing. */
export function createProcessing(run: Run): ApplyRules {
  if (!hasRules(run)) return async page => page
  let rules: CompiledRules | undefined
  return async page => {
    if (page.items.length === 0) return page
    rules ??= await loadRules(run)
    return applyToPage(run, rules, page)
  }
}
