import { inspect } from 'node:util'
import { DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { beforeEach, describe, expect, it } from 'vitest'
import { destinationSecretReader, destinationSecrets } from '../../shared/adapters/destination-secrets.ts'
import { openedDestinations } from '../../shared/adapters/opened-destinations.ts'
import { sumoLogicSource } from '../../shared/adapters/sumologic-source.ts'
import { DESTINATION_CACHE_MS } from '../../shared/contract/timing.ts'
import type { OutsideDestination } from '../../shared/domain/source/source.ts'
import { allow, bucketAndSecret, openGateway } from '../support/aws-gateway.ts'
import { fakeClock } from '../support/fakes/clock.ts'

const PREFIX = 'Stack/destination/'
const CODE = 'ZaVnC4dhaV1codeOfTheSource'
const URL = `https://endpoint4.collection.sumologic.com/receiver/v1/http/${CODE}`

describe('the secrets of destinations', () => {
  let client: SecretsManagerClient
  beforeEach(async () => {
    const secrets = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Stack/destination/*'
    const actions = ['CreateSecret', 'GetSecretValue', 'DeleteSecret'].map(name => `secretsmanager:${name}`)
    await openGateway({ deployment: bucketAndSecret([allow(actions.join(' '), secrets)]) })
    client = new SecretsManagerClient({})
  })

  it('have a name of their own each, and are gone once they are removed', async () => {
    const secrets = destinationSecrets(client, PREFIX)
    const read = destinationSecretReader(client, PREFIX)
    const [first, second] = [await secrets.create(7, URL), await secrets.create(7, `${URL}2`)]
    expect(first).not.toBe(second)
    expect([first, second].every(name => /^7-[0-9a-f]{8}$/.test(name))).toBe(true)
    expect([await read(first), await read(second)]).toEqual([URL, `${URL}2`])
    await secrets.remove(first)
    await secrets.remove(first)
    expect([await read(first), await read(second)]).toEqual([undefined, `${URL}2`])
  })

  it('are taken for gone once somebody has marked them for deletion', async () => {
    const name = await destinationSecrets(client, PREFIX).create(7, URL)
    await client.send(new DeleteSecretCommand({ SecretId: `${PREFIX}${name}`, RecoveryWindowInDays: 7 }))
    expect(await destinationSecretReader(client, PREFIX)(name)).toBeUndefined()
  })

  it('do not show in the error of a create that fails', async () => {
    const refusing = { send: () => Promise.reject(new Error(`Invalid value ${URL}`)) }
    const creating = destinationSecrets(refusing as unknown as SecretsManagerClient, PREFIX).create(7, URL)
    const error: unknown = await creating.catch(error => error)
    expect(inspect(error)).not.toContain(CODE.slice(0, 8))
  })
})

describe('an opened destination', () => {
  const setting: OutsideDestination = { type: 'sumologic', lake: true, secret: '7-a' }

  function world(secret: string | undefined = URL) {
    const clock = fakeClock()
    const state = { secret: secret as string | undefined, reads: 0, loads: 0 }
    const destinations = openedDestinations({
      clock,
      allowedHosts: [],
      readSecret: async () => {
        state.reads++
        return state.secret
      },
      kinds: {
        sumologic: async () => {
          state.loads++
          return sumoLogicSource
        },
      },
    })
    return { clock, state, destinations }
  }

  it('is kept, with its secret, for the time of a token', async () => {
    const { clock, state, destinations } = world()
    const first = await destinations.open(setting)
    expect(first.secrets).toEqual([CODE])
    clock.advance(DESTINATION_CACHE_MS - 1)
    expect(await destinations.open(setting)).toBe(first)
    expect(state).toMatchObject({ reads: 1, loads: 1 })
    clock.advance(1)
    expect(await destinations.open(setting)).toBe(first)
    expect(state).toMatchObject({ reads: 2, loads: 1 })
  })

  it('is read again once it is to be forgotten, and is another one if the secret was replaced', async () => {
    const { state, destinations } = world()
    const first = await destinations.open(setting)
    destinations.forget(setting)
    expect(await destinations.open(setting)).toBe(first)
    state.secret = `${URL}other`
    destinations.forget(setting)
    const second = await destinations.open(setting)
    expect(second).not.toBe(first)
    expect(second.secrets).toEqual([`${CODE}other`])
  })

  it.each([
    [undefined, 'secret-gone'],
    ['', 'secret-unusable'],
    ['https://example.com/', 'secret-unusable'],
    [URL.replace('https', 'http'), 'host'],
  ])('cannot be opened by the secret %j', async (secret, reason) => {
    const { state, destinations } = world()
    state.secret = secret
    await expect(destinations.open(setting)).rejects.toMatchObject({ fact: { reason } })
  })

  it('takes a secret that somebody has typed in with a line break', async () => {
    const { state, destinations } = world()
    state.secret = ` ${URL}\n`
    expect((await destinations.open(setting)).secrets).toEqual([CODE])
  })

  it('is refused by a stack that was not deployed for it, before anything is read', async () => {
    const { clock } = world()
    const readSecret = () => Promise.reject(new Error('was read'))
    const destinations = openedDestinations({ clock, allowedHosts: [], readSecret, kinds: {} })
    await expect(destinations.open(setting)).rejects.toMatchObject({ fact: { reason: 'not-deployed' } })
  })
})
