import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSettings } from '../../infra/settings.ts'
import { REGIONS_WITHOUT_URLS } from '../../infra/url-regions.ts'
import { EVENTS_API_HOSTS } from '../../shared/contract/hosts.ts'

const APP = join(import.meta.dirname, '../../infra/app.ts')

const DEFAULTS = {
  stackName: 'OnePasswordSource',
  lakeRetentionDays: undefined,
  logRetentionDays: 30,
  allowedHosts: [...EVENTS_API_HOSTS],
  destinations: [],
  destinationHosts: [],
  pageSize: 1000,
  quietLookMinutes: 60,
  removalPolicy: 'retain',
  adminAuth: 'basic',
  adminUrl: 'on',
  alarmAddress: undefined,
  lagAlarmMinutes: 60,
  runbookUrl: 'docs/runbook.md',
  dashboard: 'on',
  reservedConcurrency: undefined,
  adminConcurrency: undefined,
  kmsKeyArn: undefined,
}

describe('settings', () => {
  it('have defaults, and ignore the keys of the CDK', () => {
    expect(parseSettings({})).toEqual(DEFAULTS)
    expect(
      parseSettings({
        '@aws-cdk/core:checkSecretUsage': true,
        'aws:cdk:bundling-stacks': [],
        'availability-zones:account=1:region=eu-west-1': [],
      }),
    ).toEqual(DEFAULTS)
  })

  it('may be values or the strings that -c gives', () => {
    const given = {
      stackName: 'Events-EU',
      lakeRetentionDays: 400,
      logRetentionDays: 90,
      allowedHosts: ['events.example.com'],
      destinations: ['sumologic'],
      destinationHosts: ['sumologic.com'],
      pageSize: 100,
      quietLookMinutes: 0,
      removalPolicy: 'destroy',
      adminAuth: 'iam',
      adminUrl: 'off',
      alarmAddress: 'security@example.com',
      lagAlarmMinutes: 120,
      runbookUrl: 'https://wiki.example.com/runbook',
      dashboard: 'off',
      reservedConcurrency: 5,
      adminConcurrency: 3,
      kmsKeyArn: 'arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-0a1b2c3d',
    }
    const expected = { ...given, allowedHosts: [...EVENTS_API_HOSTS, 'events.example.com'] }
    expect(parseSettings(given)).toEqual(expected)
    const strings = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
    expect(parseSettings(strings)).toEqual(expected)
  })

  it('accept a stack name of up to 20 characters, which CloudFormation never shortens', () => {
    for (const length of [1, 19, 20])
      expect(parseSettings({ stackName: 'S'.repeat(length) }).stackName).toHaveLength(length)
    const message = thrownBy(() => parseSettings({ stackName: 'S'.repeat(21) }))
    expect(message).toMatch(/stackName must be .*up to 19 .*deployment-policy\.json.*: choose a shorter one/)
  })

  it('accept several hosts, separated by commas, and keep each once, in lower case', () => {
    const { allowedHosts } = parseSettings({
      allowedHosts: ' Events.Example.com, http://127.0.0.1,events.example.com,,events.1password.com',
    })
    expect(allowedHosts).toEqual([...EVENTS_API_HOSTS, 'events.example.com', 'http://127.0.0.1'])
  })
})

const wrong: Record<string, readonly unknown[]> = {
  stackName: ['', '1st', 'with space', 'x'.repeat(101), 7],
  lakeRetentionDays: [0, -1, 1.5, 'ten', '', '1e3', null, true],
  logRetentionDays: [0, 31, 9999, 'never', ''],
  allowedHosts: [
    'https://events.example.com',
    'http://example.com',
    'http://127.0.0.1:8080',
    'events.example.com:443',
    'events.example.com/path',
    'user@events.example.com',
    '*.example.com',
    '127.0.0.1',
    'localhost',
    [7],
    7,
  ],
  pageSize: [0, 1001, '99999999999', [], {}],
  quietLookMinutes: [-1, 10_081, 1.5, 'hourly'],
  removalPolicy: ['keep', 'RETAIN', true],
  adminAuth: ['none', 'IAM'],
  adminUrl: [false, 'no', ''],
  alarmAddress: ['nobody', 'a@b', 'two words@example.com', ''],
  lagAlarmMinutes: [9, 0, 'an hour'],
  runbookUrl: ['docs/runbook.md', 'http://wiki.example.com', 'https://wiki.example.com/a#b', ''],
  dashboard: [true, 'yes'],
  reservedConcurrency: [0, -5, 'many'],
  adminConcurrency: [0, 1001, '1.5', 'few'],
  kmsKeyArn: [
    '1a2b3c4d-0000-4444-8888-121212121212',
    'alias/mine',
    'arn:aws:kms:eu-west-1:123456789012:alias/mine',
    'arn:aws:kms:eu-west-1:123456789012:key/*',
    true,
  ],
}

describe('a wrong setting', () => {
  const cases = Object.entries(wrong).flatMap(([name, values]) => values.map(value => ({ name, value })))

  it.each(cases)('is refused by name: $name = $value', ({ name, value }) => {
    const message = thrownBy(() => parseSettings({ [name]: value }))
    expect(message).toMatch(new RegExp(`^Wrong settings in CDK context:\n  - ${name} must be `))
    expect(message.endsWith(`, not ${JSON.stringify(value)}`)).toBe(true)
  })

  it('is refused if it is a host with a scheme, port, path or user', () => {
    const added = (text: string) => parseSettings({ allowedHosts: [text] }).allowedHosts
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.domain(), fc.string(), fc.ipV4()), text => {
        try {
          for (const host of added(text)) expect(host).toMatch(/^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/)
        } catch (error) {
          expect(String(error)).toMatch(/allowedHosts must be/)
        }
      }),
    )
  })

  it('is reported together with all the others', () => {
    const context = Object.fromEntries(Object.entries(wrong).map(([name, values]) => [name, values[0]]))
    const faults = thrownBy(() => parseSettings({ ...context, retentionDays: 5 }))
      .split('\n')
      .slice(1)
    const named = faults.map(fault => fault.trim().split(' ')[1])
    expect(named).toEqual([...Object.keys(wrong), 'retentionDays'])
  })
})

describe('a region where Lambda has no function URLs', () => {
  it.each([...REGIONS_WITHOUT_URLS])(
    'is refused before anything is deployed, with what to do: %s',
    region => {
      const message = thrownBy(() => parseSettings({}, region))
      expect(message).toContain(`- adminUrl must be given in ${region}`)
      expect(message).toContain('aws lambda invoke')
    },
  )

  it('can be used without a URL, or if the list is overruled', () => {
    expect(parseSettings({ adminUrl: 'off' }, 'eu-central-2').adminUrl).toBe('off')
    expect(parseSettings({ adminUrl: 'on' }, 'eu-central-2').adminUrl).toBe('on')
  })

  it('is no region that has them, and no unknown region', () => {
    for (const region of ['us-east-1', 'eu-central-1', 'ap-southeast-2', undefined])
      expect(parseSettings({}, region).adminUrl).toBe('on')
  })

  it('is recognized by the region that the CDK gives', () => {
    const env = { ...process.env, CDK_CONTEXT_JSON: '{}', CDK_DEFAULT_REGION: 'me-central-1' }
    const { status, stderr } = spawnSync(process.execPath, [APP], { env, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /^Wrong settings in CDK context:\n {2}- adminUrl must be given in me-central-1, .*\n$/,
    )
  })
})

it('refuses an unknown setting by name, and lists the known ones', () => {
  expect(() => parseSettings({ pagesize: 5 })).toThrow(
    `- pagesize is not a setting; the settings are ${Object.keys(DEFAULTS).join(', ')}`,
  )
})

it('lets the synthesis fail with the faults and without a stack trace', () => {
  const { status, stderr } = spawnSync(process.execPath, [APP], {
    env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ pageSize: '0', adminAuth: 'none' }) },
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stderr).toBe(
    'Wrong settings in CDK context:\n' +
      '  - pageSize must be a whole number from 1 to 1000, not "0"\n' +
      '  - adminAuth must be one of basic, iam, not "none"\n',
  )
})

function thrownBy(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}
