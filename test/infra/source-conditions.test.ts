import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rendered, unhashed } from './rendered.ts'
import { templateWith } from './synthesized.ts'

interface Statement {
  readonly Sid?: string
  readonly Effect: string
  readonly Principal?: string | { readonly Service?: string | readonly string[] }
  readonly Action: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** A statement with the resource or file that holds it. */
interface Found {
  readonly where: string
  readonly statement: Statement
}

type Resource = Readonly<Record<string, unknown>>

/** Every object below a value that has both a principal and an effect, wherever its property is called what. */
function statementsIn(value: unknown): Statement[] {
  if (typeof value === 'string' && value.startsWith('{')) return statementsIn(parsed(value))
  if (typeof value !== 'object' || value === null) return []
  if ('Principal' in value && 'Effect' in value) return [value as unknown as Statement]
  return Object.values(value).flatMap(statementsIn)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A permission is a statement in other words. */
const toStatement = ({
  Action,
  Principal,
  SourceArn,
  SourceAccount,
}: Record<string, unknown>): Statement => ({
  Effect: 'Allow',
  Principal: Principal === '*' ? '*' : { Service: String(Principal) },
  Action: String(Action),
  Condition: {
    ...(SourceArn ? { ArnLike: { 'AWS:SourceArn': SourceArn } } : {}),
    ...(SourceAccount ? { StringEquals: { 'AWS:SourceAccount': SourceAccount } } : {}),
  },
})

function findAllStatements(context: Record<string, unknown>): Found[] {
  const resources: Record<string, Resource> = templateWith(context).toJSON()['Resources']
  return Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    const properties = rendered(Properties) as Record<string, unknown>
    const statements =
      Type === 'AWS::Lambda::Permission' ? [toStatement(properties)] : statementsIn(properties)
    return statements.map(statement => ({ where: unhashed(id), statement }))
  })
}

const listServices = ({ Principal }: Statement): string[] =>
  typeof Principal === 'object' ? [Principal.Service ?? []].flat() : []

const SOURCES = ['aws:sourcearn', 'aws:sourceaccount']

/** Keys that say on whose behalf a service acts; of a key policy also the encryption context, which names what is encrypted. */
function namesSource({ Condition = {}, Action }: Statement): boolean {
  const keys = Object.values(Condition).flatMap(each => Object.keys(each).map(key => key.toLowerCase()))
  const ofKey = [Action].flat().every(action => action.startsWith('kms:'))
  return keys.some(key => SOURCES.includes(key) || (ofKey && key.startsWith('kms:encryptioncontext:')))
}

/** A role works only in the account that it is of (iam:PassRole), so Lambda cannot be made to use it from another one. */
const isRoleOfFunction = ({ statement }: Found): boolean =>
  statement.Action === 'sts:AssumeRole' && listServices(statement).join() === 'lambda.amazonaws.com'

const openTo = (found: readonly Found[]): string[] =>
  found
    .filter(({ statement }) => statement.Effect === 'Allow' && listServices(statement).length > 0)
    .filter(each => !isRoleOfFunction(each) && !namesSource(each.statement))
    .map(({ where, statement }) => `${where}: ${listServices(statement)} ${statement.Action}`)

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1a2b3c4d-0000-4444-8888-121212121212'

describe('a service that a resource policy allows', () => {
  const found = findAllStatements({})

  it('may act only for this account: every statement names a source', () => {
    expect(openTo(found)).toEqual([])
    expect(
      openTo(findAllStatements({ kmsKeyArn: KEY, adminAuth: 'iam', alarmAddress: 'a@example.com' })),
    ).toEqual([])
  })

  it('is looked for in every kind of resource policy', () => {
    const holders = found
      .filter(({ statement }) => listServices(statement).length > 0)
      .map(({ where }) => where)
    expect([...new Set(holders)].sort()).toEqual(
      expect.arrayContaining([
        'AlarmsTopicPolicy',
        'DeadLettersPolicy',
        'HealthLogsFromEventsResourcePolicy',
        'HealthToldRole',
        'RetryMachineEventsRole',
        'RetryMachineRole',
      ]),
    )
    expect(found.map(({ where }) => where)).toContain('LakePolicy')
    expect(holders.filter(where => where.includes('AllowEventRule'))).toHaveLength(5)
  })

  it('would be found without a source', () => {
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sns:Publish',
    }
    expect(openTo([{ where: 'Topic', statement }])).toEqual(['Topic: events.amazonaws.com sns:Publish'])
    const otherwise = { ...statement, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }
    expect(openTo([{ where: 'Topic', statement: otherwise }])).toHaveLength(1)
  })

  it('is not EventBridge at the topic, which accepts no conditions there: rules publish with a role', () => {
    const topic = found.filter(({ where }) => where === 'AlarmsTopicPolicy')
    expect(topic.flatMap(({ statement }) => listServices(statement))).toEqual(['cloudwatch.amazonaws.com'])
  })
})

describe('the key policy of the guide', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/key-policy.json'), 'utf8')
  const found = statementsIn(JSON.parse(text)).map(statement => ({ where: statement.Sid ?? '', statement }))

  it('allows services only for this account', () => {
    expect(found.flatMap(({ statement }) => listServices(statement))).toHaveLength(3)
    expect(openTo(found)).toEqual([])
  })

  it('names account and region in every source, so that the reader replaces them with their own', () => {
    for (const { statement } of found) {
      for (const values of Object.values(statement.Condition ?? {})) {
        for (const [key, value] of Object.entries(values)) {
          expect(value).toMatch(
            key === 'aws:SourceAccount' ? /^123456789012$/ : /:eu-central-1:123456789012:/,
          )
        }
      }
    }
  })
})
