import { expect, it } from 'vitest'
import { STORED_NAMES, toTaskItem } from '../../../shared/adapters/task-attributes.ts'
import { MAX_CURSOR_BYTES, MAX_ITEM_TEXT, MAX_KEPT_TEXT } from '../../../shared/contract/limits.ts'
import { createFailure, type TaskFault } from '../../../shared/domain/failure/failure.ts'
import { objectKey, toPlace } from '../../../shared/domain/stream/object-key.ts'
import { placeDigest } from '../../../shared/domain/stream/page-request.ts'
import type { HealthSubject } from '../../../shared/domain/task/health-event.ts'
import { endedBadly, quit } from '../../../shared/domain/task/progress.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { changed } from '../../../shared/domain/task/task-change.ts'
import { type TaskHealth, troubledHealth } from '../../../shared/domain/task/task-health.ts'
import { expiryHealth, resetHealth, unreadableHealth } from '../../../shared/domain/task/task-warnings.ts'
import { itemBytes } from '../../support/item-size.ts'
import { sampleTask } from '../../support/sample-task.ts'

/** What DynamoDB takes as one item. */
const MAX_ITEM_BYTES = 400 * 1024

const AT = '2026-03-01T12:34:56.789Z'
const AT_MS = Date.parse(AT)
const LONG_TIME = `2026-03-01T12:34:56.${'1'.repeat(30)}+00:00`

/** Three bytes for each character: the most that UTF-8 needs for a UTF-16 unit. */
const longest = (length: number): string => '漢'.repeat(length)

const SUBJECT: HealthSubject = {
  collectorId: 999_999_999_999,
  sourceId: 999_999_999_999,
  api: 'auditEvents',
  collectorName: longest(128),
  sourceName: longest(128),
}

const fault = (type: TaskFault['type']): TaskFault => ({ type, code: 200, info: longest(100_000), at: AT })

/** Hours of changing trouble, of which nothing could be published. */
function worstHealth(): TaskHealth | undefined {
  const types = ['ThirdPartyGeneric', 'FirstPartyGeneric', 'ThirdPartyConfig'] as const
  let health: TaskHealth | undefined
  for (let round = 0; round < 60; round++) {
    health = troubledHealth(health, SUBJECT, fault(types[round % 3] ?? 'ThirdPartyConfig')) ?? health
    health = resetHealth(health, SUBJECT, { answer: longest(100_000), from: AT }, AT)
    const expires = new Date(AT_MS + (1 + (round % 13)) * 86_400_000).toISOString()
    health = expiryHealth(health, SUBJECT, expires, AT) ?? health
    health = unreadableHealth(health, SUBJECT, { count: 1000, key: longest(1024) }, AT) ?? health
  }
  return health
}

/** A task each of whose members is as large as anything lets it become. */
function worstTask(): Task {
  const cursor = '漢'.repeat(Math.floor(MAX_CURSOR_BYTES / 3))
  const id = { sourceId: 999_999_999_999, api: 'auditEvents' as const, chain: 999_999_999_999 }
  const place = toPlace(id.chain, 'f'.repeat(64))
  const key = objectKey(sampleTask({ ...id, place }), '2026-03-01')
  const failed = endedBadly(sampleTask(id), fault('ThirdPartyGeneric'), true, { newId: longest(36) })
  const episode = { ...failed.episode, execution: longest(512) } as NonNullable<Task['episode']>
  const states = ['Pending', 'Started', 'Initialized', 'Authenticated', 'Collecting', 'Error'] as const
  const longNumbers = {
    cursorSinceMs: AT_MS,
    leaseSinceMs: AT_MS,
    leaseExpiresMs: AT_MS,
    rateMs: AT_MS,
    lookedMs: AT_MS,
  }
  return changed(
    { ...sampleTask(id), fence: AT_MS },
    {
      ...quit(sampleTask(id), fault('ThirdPartyGeneric'), episode, AT_MS),
      ...longNumbers,
      createdAt: AT,
      reachedMs: Object.fromEntries(states.map(state => [state, AT_MS])),
      health: worstHealth(),
      collectorId: SUBJECT.collectorId,
      version: AT_MS,
      renewed: AT_MS,
      introspected: AT_MS,
      tokenExpires: AT,
      baseUrl: `https://${'h'.repeat(253)}:65535`,
      accountUuid: longest(MAX_ITEM_TEXT),
      cursor,
      partition: '2026-03-01',
      place,
      trail: 'ab'.repeat(20),
      refusedPlace: 'f'.repeat(10),
      refusedMs: AT_MS,
      lookedMs: AT_MS,
      leaseOwner: longest(128),
      pages: AT_MS,
      events: AT_MS,
      hourlyEvents: 'ff'.repeat(29),
      lateEvents: AT_MS,
      unreadable: AT_MS,
      filtered: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`c${i + 100_000}`, AT_MS])),
      unreadableAt: `${'f'.repeat(16)}/2`,
      pageLimit: 1000,
      firstEventTime: LONG_TIME,
      lastEventTime: LONG_TIME,
      newestTime: LONG_TIME,
      aheadKey: key,
      readUntil: LONG_TIME,
      lastSuccessAt: AT,
      behind: true,
      lastObjectKey: key,
      link: placeDigest(1, { cursor }),
      stepRequest: { to: LONG_TIME, by: longest(128), at: AT },
      stepped: { from: LONG_TIME, to: LONG_TIME, by: longest(128), at: AT },
      overlap: { from: LONG_TIME, lastObjectKey: key, tries: 3, walkedTo: key },
    },
  )
}

it('keeps a task whose every member is as large as it can become within one item of DynamoDB', () => {
  const task = worstTask()
  expect(Object.keys(STORED_NAMES).filter(name => !(name in task))).toEqual([])
  expect(task.health?.untold?.length).toBeGreaterThan(10)
  expect(itemBytes(toTaskItem(task))).toBeLessThan(MAX_ITEM_BYTES)
})

it('cuts the text of an error, and says at its end all the same that the task is given up', () => {
  const { error } = worstTask()
  expect(error?.info.startsWith(longest(MAX_KEPT_TEXT))).toBe(true)
  expect(error?.info).toMatch(/… It was collected 1 times in .* is given up: update or restart the source\.$/)
})

it.each([
  {
    kind: 'feature-missing',
    feature: 'f',
    title: 'T',
    has: Array.from({ length: 40_000 }, (_, i) => `f${i}`),
  },
  { kind: 'host-not-allowed', baseUrl: 'u', allowed: Array.from({ length: 40_000 }, (_, i) => `h${i}`) },
  { kind: 'own', fact: { name: 'N'.repeat(9000), message: 'm'.repeat(9000) }, doing: 'collecting' },
  { kind: 'network', fact: { reason: 'other', at: 'u', detail: 'd'.repeat(9000) }, doing: 'asking' },
] as const)('keeps the advice of $kind, however long the facts are', trouble => {
  const { message } = createFailure(trouble)
  expect(message.length).toBeLessThan(MAX_KEPT_TEXT)
  expect(message).toMatch(/[a-z] [a-z]+.*\.$/)
})
