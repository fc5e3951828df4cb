import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterEach, describe, expect, it } from 'vitest'
import { accessKeySecret } from '../../../shared/adapters/access-key-store.ts'
import { tokenSecrets } from '../../../shared/adapters/token-secrets.ts'
import { TOKEN } from './admin-world.ts'

interface Received {
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

type Respond = (received: Received) => { readonly status: number; readonly body: object }

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map(close => close()))
})

/** A Secrets Manager on the loopback that answers as told. */
async function secretsManager(respond: Respond) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('secretsmanager.', '')
    const call = { operation, input: JSON.parse(await text(request)) }
    received.push(call)
    const { status, body } = respond(call)
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const client = new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
  })
  closing.push(async () => {
    client.destroy()
    await new Promise(resolve => server.close(resolve))
  })
  return { client, received }
}

const ok = (body: object = {}) => ({ status: 200, body })
const refused = (name: string, message = name) => ({ status: 400, body: { __type: name, message } })

describe('tokenSecrets', () => {
  it('creates one secret, named by prefix and source, that holds the token as it is', async () => {
    const { client, received } = await secretsManager(() => ok())
    await tokenSecrets(client, 'stack/source/').createToken(7, TOKEN)
    expect(received).toEqual([
      {
        operation: 'CreateSecret',
        input: {
          Name: 'stack/source/7',
          SecretString: TOKEN,
          ClientRequestToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
    ])
  })

  it('repeats a create with the same request token, so that AWS recognizes it if the response was lost', async () => {
    const answers = [{ status: 500, body: {} }, ok()]
    const { client, received } = await secretsManager(() => answers.shift() ?? ok())
    await tokenSecrets(client, 'p/').createToken(7, TOKEN)
    expect(received).toHaveLength(2)
    expect(new Set(received.map(({ input }) => input['ClientRequestToken'])).size).toBe(1)
  })

  it('overwrites a secret that an earlier deployment left under the id', async () => {
    const { client, received } = await secretsManager(({ operation }) =>
      operation === 'CreateSecret' ? refused('ResourceExistsException') : ok(),
    )
    await tokenSecrets(client, 'p/').createToken(7, TOKEN)
    expect(received.at(-1)).toMatchObject({
      operation: 'PutSecretValue',
      input: { SecretId: 'p/7', SecretString: TOKEN },
    })
  })

  it('throws the error of AWS, but never with the token in it', async () => {
    const { client } = await secretsManager(() => refused('InvalidParameterException', `bad value ${TOKEN}`))
    const error = await tokenSecrets(client, 'p/')
      .createToken(7, TOKEN)
      .catch(thrown => thrown)
    expect(error).toMatchObject({ name: 'InvalidParameterException', message: 'bad value ********' })
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(TOKEN)
  })
})

describe('accessKeySecret', () => {
  it('reads id and key from the secret', async () => {
    const { client, received } = await secretsManager(() =>
      ok({ SecretString: '{"accessId":"op1","accessKey":"k","other":1}' }),
    )
    expect(await accessKeySecret(client, 'arn:x').current()).toEqual({ accessId: 'op1', accessKey: 'k' })
    expect(received).toEqual([{ operation: 'GetSecretValue', input: { SecretId: 'arn:x' } }])
  })

  it('reads the previous key too', async () => {
    const previous = { accessId: 'op0', accessKey: 'o', validUntil: '2026-01-01T00:00:00Z' }
    const record = { accessId: 'op1', accessKey: 'k', previous }
    const { client } = await secretsManager(() => ok({ SecretString: JSON.stringify(record) }))
    expect(await accessKeySecret(client, 'x').current()).toEqual(record)
  })

  it.each([
    'k3y',
    '"k3y"',
    '{"accessId":"k3y"}',
    '{"accessId":"k3y","accessKey":""}',
    '{"accessId":1,"accessKey":"k3y"}',
  ])('says what the secret must hold, and does not quote %s', async SecretString => {
    const { client } = await secretsManager(() => ok({ SecretString }))
    const error = await accessKeySecret(client, 'x')
      .current()
      .catch(thrown => thrown)
    expect(error.message).toContain('{"accessId":"…","accessKey":"…"}')
    expect(error.stack).not.toContain('k3y')
  })
})
