import { describe, expect, it } from 'vitest'
import { healthId, healthyEvent, unhealthyEvent } from '../../../../shared/domain/task/health-event.ts'
import { aFault, SUBJECT } from '../../../support/health.ts'

const OPEN = { type: 'ThirdPartyConfig', since: '2026-03-01T12:00:00.000Z' } as const
const OVER = { reason: 'collecting', at: '2026-03-01T12:05:00.000Z' } as const
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('a health event', () => {
  it('of trouble has every key of the original, and its title under both names', () => {
    expect(unhealthyEvent(SUBJECT, aFault(), 1)).toEqual({
      status: 'UnHealthy',
      details: {
        trackerId: 'ThirdPartyConfigError/sign-in',
        error: 'Sign-in Attempts: not collected until the source is updated or restarted',
        name: 'Sign-in Attempts: not collected until the source is updated or restarted',
        description: '401: {"Error":{"Message":"Unauthorized"}} — Update api_token.',
        api: 'sign-in',
        errorCode: '401',
      },
      eventType: 'Health-Change',
      severityLevel: 'Error',
      accountId: '0000000000000000',
      eventId: expect.stringMatching(UUID),
      eventName: 'ThirdPartyConfigError',
      eventTime: '2026-03-01T12:00:00.000Z',
      eventFormatVersion: '1.0',
      subsystem: 'Collection',
      resourceIdentity: {
        collectorId: '0000000005F5E101',
        collectorName: 'Team',
        id: '0000000005F5E102',
        name: '1Pass',
        type: 'SourceResource',
      },
    })
  })

  it('of recovery names the same tracker and resource, and the time when the trouble began', () => {
    const trouble = unhealthyEvent(SUBJECT, aFault(), 1)
    const recovery = healthyEvent(SUBJECT, OPEN, OVER, 2)
    expect(recovery).toMatchObject({
      status: 'Healthy',
      eventName: 'TrackerHealthy',
      eventTime: OVER.at,
      severityLevel: trouble.severityLevel,
      resourceIdentity: trouble.resourceIdentity,
      details: { trackerId: trouble.details.trackerId },
    })
    expect(recovery.details.description).toContain(OPEN.since)
    expect(recovery.details).not.toHaveProperty('errorCode')
  })

  it('has an id that depends on the change: the same id if it is repeated, and another id for any other change', () => {
    const ids = [
      unhealthyEvent(SUBJECT, aFault(), 1),
      unhealthyEvent(SUBJECT, aFault({ at: '2026-03-01T12:00:00.001Z' }), 1),
      unhealthyEvent(SUBJECT, aFault({ type: 'ThirdPartyGeneric' }), 1),
      unhealthyEvent({ ...SUBJECT, api: 'itemUsage' }, aFault(), 1),
      unhealthyEvent({ ...SUBJECT, sourceId: 1 }, aFault(), 1),
      unhealthyEvent(SUBJECT, aFault(), 3),
      healthyEvent(SUBJECT, OPEN, { ...OVER, at: OPEN.since }, 1),
    ].map(({ eventId }) => eventId)
    expect(new Set(ids).size).toBe(ids.length)
    const renamed = { ...SUBJECT, sourceName: 'Renamed' }
    expect(unhealthyEvent(renamed, aFault({ info: 'other words' }), 1).eventId).toBe(ids[0])
  })

  it('has an id that is a UUID, whatever the change', () => {
    const ids = Array.from({ length: 40 }, (_, number) => unhealthyEvent(SUBJECT, aFault(), number).eventId)
    for (const id of ids) expect(id).toMatch(UUID)
  })

  it.each([
    [104964375, '000000000641A117'],
    [0, '0000000000000000'],
    [Number.MAX_SAFE_INTEGER, '001FFFFFFFFFFFFF'],
  ])('writes the id %i as %s', (id, text) => {
    expect(healthId(id)).toBe(text)
  })
})
