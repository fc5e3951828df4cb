import { describe, expect, it } from 'vitest'
import { adminRuntime } from '../../../shared/runtime/admin-runtime.ts'

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

const ENVIRONMENT = {
  TASKS_TABLE: 't',
  REGISTRY_TABLE: 'r',
  HEALTH_EVENTS_TABLE: 'h',
  BUS_NAME: 'b',
  TOKEN_SECRET_PREFIX: 'p/',
  ALLOWED_HOSTS: '[]',
}

describe('the environment of admin', () => {
  it('must name the secret of the access key with basic', () => {
    expect(() => adminRuntime(log, { ...ENVIRONMENT, ADMIN_AUTH: 'basic' })).toThrow(
      'The environment lacks ACCESS_KEY_SECRET_ARN.',
    )
    const whole = { ...ENVIRONMENT, ADMIN_AUTH: 'basic', ACCESS_KEY_SECRET_ARN: 'arn' }
    expect(adminRuntime(log, whole).settings.auth).toBe('basic')
  })

  it('need not name it with iam, because no key is read', async () => {
    const { ports, settings } = adminRuntime(log, { ...ENVIRONMENT, ADMIN_AUTH: 'iam' })
    expect(settings.auth).toBe('iam')
    await expect(ports.accessKeys.current()).rejects.toThrow('there is no access key')
  })

  it('must not have any other value for basic or iam', () => {
    const environment = { ...ENVIRONMENT, ACCESS_KEY_SECRET_ARN: 'arn' }
    expect(() => adminRuntime(log, { ...environment, ADMIN_AUTH: 'none' })).toThrow('must be basic or iam')
    expect(() => adminRuntime(log, environment)).toThrow('ADMIN_AUTH')
  })
})
