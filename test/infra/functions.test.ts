import { describe, expect, it } from 'vitest'
import { EVENTS_API_HOSTS } from '../../shared/contract/hosts.ts'
import {
  ADMIN_TIMEOUT_SECONDS,
  COLLECT_TIMEOUT_SECONDS,
  DISPATCH_TIMEOUT_SECONDS,
} from '../../shared/contract/timing.ts'
import { rendered } from './rendered.ts'
import { templateWith } from './synthesized.ts'

const template = templateWith()

function functionNamed(name: string, of = template): Record<string, unknown> {
  const found = Object.entries(of.findResources('AWS::Lambda::Function')).find(([id]) => id.startsWith(name))
  return rendered(found?.[1]['Properties']) as Record<string, unknown>
}

const findEnvironment = (name: string, of = template) =>
  (functionNamed(name, of)['Environment'] as { Variables: Record<string, string> }).Variables

describe.each([
  { name: 'Dispatch', timeout: DISPATCH_TIMEOUT_SECONDS },
  { name: 'Collect', timeout: COLLECT_TIMEOUT_SECONDS },
  { name: 'Admin', timeout: ADMIN_TIMEOUT_SECONDS },
])('the function of $name', ({ name, timeout }) => {
  it('runs on Node 24 and arm64 with its own role, time-out and JSON log', () => {
    expect(functionNamed(name)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: timeout,
      Role: `<${name}Role.Arn>`,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: `<${name}Logs>`, SystemLogLevel: 'WARN' },
    })
    expect(functionNamed(name)).not.toHaveProperty('TracingConfig')
    expect(functionNamed(name)).not.toHaveProperty('ReservedConcurrentExecutions')
  })

  it('is never retried by Lambda and gets no event that is older than a tick', () => {
    const configs = Object.values(template.findResources('AWS::Lambda::EventInvokeConfig'))
      .map(config => rendered(config['Properties']) as Record<string, unknown>)
      .filter(config => config['FunctionName'] === `<${name}Function>`)
    expect(configs).toEqual([
      expect.objectContaining({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 }),
    ])
  })
})

describe('the variables of each function', () => {
  const TOKEN_SECRET_PREFIX = 'OnePasswordSource/source/'
  const ALLOWED_HOSTS = JSON.stringify(EVENTS_API_HOSTS)
  const tables = {
    TASKS_TABLE: '<TasksTable>',
    REGISTRY_TABLE: '<RegistryTable>',
    HEALTH_EVENTS_TABLE: '<HealthEventsTable>',
  }
  const everywhere = {
    BUS_NAME: '<Bus>',
    NODE_OPTIONS: '--enable-source-maps',
    POWERTOOLS_METRICS_NAMESPACE: 'OnePasswordSource',
  }

  it('give dispatch the tables, the bus, the prefix of tokens and how often it looks at halted tasks', () => {
    expect(findEnvironment('Dispatch')).toEqual({
      ...tables,
      ...everywhere,
      TOKEN_SECRET_PREFIX,
      QUIET_LOOK_MINUTES: '60',
    })
  })

  it('give collect tables, lake, bus, prefix of tokens, hosts and page size', () => {
    expect(findEnvironment('Collect')).toEqual({
      ...tables,
      ...everywhere,
      LAKE_BUCKET: '<Lake>',
      TOKEN_SECRET_PREFIX,
      ALLOWED_HOSTS,
      PAGE_SIZE: '1000',
    })
  })

  it('give admin tables, bus, prefix of tokens, hosts and its key', () => {
    expect(findEnvironment('Admin')).toEqual({
      ...tables,
      ...everywhere,
      TOKEN_SECRET_PREFIX,
      ALLOWED_HOSTS,
      ACCESS_KEY_SECRET_ARN: '<AccessKey>',
      ADMIN_AUTH: 'basic',
    })
  })
})

it('contain page size and hosts of the settings; reserved concurrency is set', () => {
  const set = templateWith({ pageSize: '50', allowedHosts: 'http://127.0.0.1', reservedConcurrency: '5' })
  const ALLOWED_HOSTS = JSON.stringify([...EVENTS_API_HOSTS, 'http://127.0.0.1'])
  expect(findEnvironment('Collect', set)).toMatchObject({ PAGE_SIZE: '50', ALLOWED_HOSTS })
  expect(findEnvironment('Admin', set)).toMatchObject({ ALLOWED_HOSTS })
  expect(functionNamed('Collect', set)['ReservedConcurrentExecutions']).toBe(5)
  expect(functionNamed('Dispatch', set)).not.toHaveProperty('ReservedConcurrentExecutions')
})

it('caps the calls of the admin URL that run at one time, if the setting says so, and nothing else', () => {
  const capped = templateWith({ adminConcurrency: '3' })
  expect(functionNamed('Admin', capped)['ReservedConcurrentExecutions']).toBe(3)
  for (const name of ['Collect', 'Dispatch']) {
    expect(functionNamed(name, capped)).not.toHaveProperty('ReservedConcurrentExecutions')
  }
})

it('keeps logs as long as the setting says, and deletes them with the stack', () => {
  const groups = templateWith({ logRetentionDays: 365 }).findResources('AWS::Logs::LogGroup')
  expect(Object.values(groups)).toEqual(
    Array(5).fill(
      expect.objectContaining({
        Properties: expect.objectContaining({ RetentionInDays: 365 }),
        DeletionPolicy: 'Delete',
      }),
    ),
  )
})

describe('the admin URL', () => {
  it('with basic it is open, and the code checks the key', () => {
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE' })
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunctionUrl',
      Principal: '*',
      FunctionUrlAuthType: 'NONE',
    })
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: '*',
      InvokedViaFunctionUrl: true,
    })
  })

  it('with iam it requires a signature', () => {
    const iam = templateWith({ adminAuth: 'iam' })
    iam.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' })
    iam.resourcePropertiesCountIs('AWS::Lambda::Permission', { Principal: '*' }, 0)
    expect(findEnvironment('Admin', iam)).toMatchObject({ ADMIN_AUTH: 'iam' })
  })

  it('does not exist with adminUrl=off, nor anything that lets strangers in; an output has the name of the function instead', () => {
    const off = templateWith({ adminUrl: 'off' })
    off.resourceCountIs('AWS::Lambda::Url', 0)
    off.resourcePropertiesCountIs('AWS::Lambda::Permission', { Principal: '*' }, 0)
    const outputs = off.findOutputs('*')
    expect(Object.keys(outputs)).not.toContain('AdminUrl')
    expect(rendered(outputs['AdminFunctionName']?.['Value'])).toBe('<AdminFunction>')
    expect(JSON.stringify(off.toJSON())).not.toMatch(/Url5xxCount|UrlRequestCount/)
    expect(findEnvironment('Admin', off)).toEqual(findEnvironment('Admin'))
  })

  it('has an access key with basic only: with iam there is no secret, variable, grant or output for one', () => {
    const iam = templateWith({ adminAuth: 'iam' })
    iam.resourceCountIs('AWS::SecretsManager::Secret', 0)
    expect(findEnvironment('Admin', iam)).not.toHaveProperty('ACCESS_KEY_SECRET_ARN')
    expect(JSON.stringify(iam.toJSON())).not.toContain('AccessKey')
    template.resourceCountIs('AWS::SecretsManager::Secret', 1)
  })
})
