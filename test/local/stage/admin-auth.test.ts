import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accessKeyFile,
  createOwnerHeaders,
  type OwnerAccess,
  ownerFile,
} from '../../../infra/local/owner-access.ts'
import { startStage } from '../../../infra/local/stage.ts'
import { type LocalSystem, localSystem } from '../../support/local-system.ts'

const IAM = { context: { adminAuth: 'iam' } }

let system: LocalSystem

beforeAll(async () => {
  system = await localSystem(IAM)
}, 60_000)

afterAll(() => system.close())

const FORBIDDEN = [403, '{"Message":"Forbidden"}']

async function answered(path: string, headers: Record<string, string>) {
  const response = await fetch(`${system.stage.url}${path}`, { headers })
  return [response.status, await response.text()]
}

describe('the stage of a template with adminAuth iam', () => {
  it('lets its owner register and collect with signed calls', async () => {
    const source = await system.registerSource()
    await system.stage.idle()
    expect((await system.stateOf(source)).state).toBe('Collecting')
    expect(system.notices).toEqual([])
  })

  it('finds a collector whose name holds a slash, encoded or not', async () => {
    const collector = { collectorType: 'Hosted', name: 'env/collector' }
    await system.call('POST', 'collectors', { collector })
    for (const path of ['env/collector', 'env%2Fcollector', 'env%2Fcollector/']) {
      const { body } = await system.read<object>(`collectors/name/${path}`)
      expect([path, body]).toEqual([path, { collector: expect.objectContaining(collector) }])
    }
  })

  it('writes the credentials of the owner into a file that only the owner can read', async () => {
    const file = ownerFile(system.dataDir)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const access = JSON.parse(readFileSync(file, 'utf8')) as OwnerAccess
    const request = { method: 'GET', path: '/v1/collectors/7?download=true&name=a%20b' }
    const [status] = await answered(request.path, createOwnerHeaders(access, undefined, request))
    expect(status).toBe(404)
  })

  it('refuses a call without a signature, with a forged one, and with an access key instead', async () => {
    const path = '/v1/collectors/7'
    const signed = system.stage.ownerHeaders({ method: 'GET', path })
    const authorization = String(signed['authorization'])
    const forged = authorization.replace(/.{8}$/, '00000000')
    expect(await answered(path, {})).toEqual(FORBIDDEN)
    expect(await answered('/v1/collectors/8', signed)).toEqual(FORBIDDEN)
    expect(await answered(path, { ...signed, authorization: forged })).toEqual(FORBIDDEN)
    expect(await answered(path, { authorization: 'Basic aWQ6a2V5' })).toEqual(FORBIDDEN)
  })

  it('refuses the roles of its functions, which may not invoke the URL', async () => {
    const { deployment, endpoint, url } = system.stage
    const [role] = deployment.roles
    const credentials = system.stage.credentials(role?.arn ?? '', 'x')
    const access = { adminUrl: url, endpoint, region: deployment.region, credentials }
    const request = { method: 'GET', path: '/v1/collectors/7' }
    expect(await answered(request.path, createOwnerHeaders(access, undefined, request))).toEqual(FORBIDDEN)
  })

  it('has no access key, and says so to a user who sets or rotates one', async () => {
    expect(system.stage.accessKey).toBeUndefined()
    expect(existsSync(accessKeyFile(system.dataDir))).toBe(false)
    const dataDir = join(system.dataDir, 'other')
    const accessKey = { accessId: 'me', accessKey: 'my-own-key' }
    await expect(startStage({ ...IAM, dataDir, accessKey })).rejects.toThrow('adminAuth=iam')
  })
})
