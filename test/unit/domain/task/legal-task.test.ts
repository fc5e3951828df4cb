import { describe, expect, it } from 'vitest'
import { givenUp, opened } from '../../../../shared/domain/task/episode.ts'
import { illegalCombinations } from '../../../../shared/domain/task/life.ts'
import type { Task } from '../../../../shared/domain/task/task.ts'
import { aFault } from '../../../support/health.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const CONFIG = aFault()
const PASSING = aFault({ type: 'ThirdPartyGeneric' })
const EPISODE = opened('e', { atMs: 0 })
const QUIT = givenUp(EPISODE, 1)

const showing = ({ type }: typeof CONFIG, quit?: true) => ({
  changes: 1,
  open: { type, since: CONFIG.at, ...(quit && { quit }) },
})

const MISCONFIGURED = { state: 'Error', error: CONFIG, health: showing(CONFIG), halted: true } as const
const RETRYING = { state: 'Error', error: PASSING, health: showing(PASSING), episode: EPISODE } as const
const GIVEN_UP: Partial<Task> = {
  state: 'Error',
  error: PASSING,
  health: showing(PASSING, true),
  episode: QUIT,
  halted: true,
}

describe('a task', () => {
  it.each<[string, Partial<Task>]>([
    ['has not begun', {}],
    ['collects', { state: 'Collecting' }],
    ['collects, and had trouble', { state: 'Collecting', health: { changes: 2 } }],
    ['is misconfigured', MISCONFIGURED],
    ['is retried', RETRYING],
    ['is given up', GIVEN_UP],
    ['is parked', { halted: true }],
    ['begins anew in an episode', { state: 'Started', episode: EPISODE }],
    ['is about to be removed', { ...MISCONFIGURED, state: 'Stopping' }],
  ])('that %s is legal', (_what, change) => {
    expect(illegalCombinations(sampleTask(change))).toEqual([])
  })

  const NO_ERROR = 'is in state Error without an error'
  const OTHER_HEALTH = 'shows an error that its health does not'
  const OTHER_QUIT = 'is given up, or not, other than its health says'
  const OTHER_HALT = 'is halted, or not, other than its error says'
  const WITH_ERROR = 'is Collecting with an error'
  const HALTED_OPEN = 'is halted in an open episode'

  it.each<[string[], Partial<Task>]>([
    [[NO_ERROR], { state: 'Error' }],
    [[NO_ERROR, OTHER_HEALTH], { state: 'Error', health: showing(PASSING) }],
    [[OTHER_HEALTH], { ...RETRYING, health: { changes: 1 } }],
    [[OTHER_HEALTH], { state: 'Error', error: PASSING }],
    [[OTHER_HEALTH], { ...RETRYING, health: showing(CONFIG) }],
    [[OTHER_QUIT], { ...RETRYING, health: showing(PASSING, true) }],
    [[OTHER_QUIT], { ...GIVEN_UP, health: showing(PASSING) }],
    [[OTHER_HALT], { state: 'Error', error: CONFIG, health: showing(CONFIG) }],
    [[OTHER_HALT], { state: 'Error', error: PASSING, health: showing(PASSING), halted: true }],
    [[OTHER_HALT], { ...GIVEN_UP, halted: undefined }],
    [[OTHER_HALT, HALTED_OPEN], { ...RETRYING, halted: true }],
    [[WITH_ERROR], { state: 'Collecting', error: PASSING }],
    [[WITH_ERROR], { state: 'Collecting', episode: EPISODE }],
    [[WITH_ERROR], { state: 'Collecting', halted: true }],
    [[WITH_ERROR], { state: 'Collecting', health: showing(PASSING) }],
    [[HALTED_OPEN], { halted: true, episode: EPISODE }],
  ] as [string[], Partial<Task>][])('%j', (sentences, change) => {
    expect(illegalCombinations(sampleTask(change))).toEqual(sentences)
  })
})
