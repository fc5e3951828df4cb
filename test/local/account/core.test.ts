import { describe, expect, it } from 'vitest'
import { type ListedEvent, listedStream } from '../../../infra/local/account/events-api/event-stream.ts'
import {
  type AccountParts,
  createSimulatedEventsApi,
} from '../../../infra/local/account/events-api/events-api.ts'
import { instantAt } from '../../../infra/local/account/events-api/instant.ts'
import type { Misbehaviour } from '../../../infra/local/account/events-api/misbehaviours.ts'
import { createSwitchboard } from '../../../infra/local/account/events-api/switchboard.ts'

const BEGIN = Date.parse('2026-03-01T00:00:00Z')
const START = { start_time: '2026-03-01T00:00:00Z', limit: 2 }

/** Happens `at` milliseconds after the beginning, and becomes visible `lateMs` later. */
const event = (at: number, lateMs = 0): ListedEvent => ({
  instant: instantAt(BEGIN + at),
  json: `{"at":${at}}`,
  visibleMs: BEGIN + at + lateMs,
})

function createCore(events: readonly ListedEvent[], usual?: Misbehaviour) {
  const stream = listedStream(events, { toEvent: each => each })
  const parts: AccountParts = {
    identity: { integrationUuid: 'I', accountUuid: 'A', features: ['itemusages'] },
    streams: { signinattempts: stream, itemusages: stream, auditevents: stream },
    switchboard: createSwitchboard(),
    isTokenValid: token => token === 'token',
    ...(usual && { usual }),
  }
  const api = createSimulatedEventsApi(parts)
  return (body: object, atMs: number, token = 'token') => {
    const path = '/api/v2/itemusages'
    const request = { method: 'POST', path, token, body: JSON.stringify(body) }
    const { answer } = api.answer(request, BEGIN + atMs)
    return { status: answer.status, ...JSON.parse(String(answer.body)) }
  }
}

describe('the core of a simulated account', () => {
  it('returns what is visible at the given time, and nothing behind an event that is not', () => {
    const ask = createCore([event(0), event(10), event(5, 20), event(30)])
    const first = ask(START, 9)
    expect(first).toMatchObject({ status: 200, has_more: false, items: [{ at: 0 }] })
    const { cursor } = first
    expect(ask({ cursor }, 9)).toEqual({ status: 200, has_more: false, items: [], cursor })
    expect(ask({ cursor }, 20)).toMatchObject({ has_more: false, items: [{ at: 10 }] })
    expect(ask({ cursor }, 30)).toMatchObject({ has_more: true, items: [{ at: 10 }, { at: 5 }] })
  })

  it('returns no event from before the start, even if it comes late', () => {
    const ask = createCore([event(0), event(10), event(5, 20), event(30)])
    const start = { start_time: new Date(BEGIN + 7).toISOString() }
    expect(ask(start, 100).items).toEqual([{ at: 10 }, { at: 30 }])
  })

  it('misbehaves in its mode, but only with a valid token', () => {
    const ask = createCore([event(0), event(1), event(2)], {
      page: ({ read, cursor }) => ({ ...read(1), cursor }),
    })
    const first = ask(START, 10)
    expect(first).toMatchObject({ has_more: true, items: [{ at: 0 }] })
    expect(ask({ cursor: first.cursor }, 10)).toEqual(first)
    expect(ask(START, 10, 'other')).toEqual({ status: 401, Error: { Message: 'Unauthorized' } })
  })

  it('can give another cursor for the same place, again and again', () => {
    const ask = createCore([event(0)], {
      page: ({ anotherCursor }) => ({ cursor: anotherCursor(), hasMore: true, items: [] }),
    })
    const cursors = new Set<string>()
    let body: object = START
    for (let count = 0; count < 5; count++) {
      const { cursor } = ask(body, 10)
      cursors.add(cursor)
      body = { cursor }
    }
    expect(cursors.size).toBe(5)
  })
})
