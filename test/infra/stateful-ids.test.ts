import { describe, expect, it } from 'vitest'
import { templateWith } from './synthesized.ts'

interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}

const synthesizeResources = (context: object = {}): Readonly<Record<string, Resource>> =>
  templateWith(context as Record<string, unknown>).toJSON()['Resources']

const resources = synthesizeResources()
const given = synthesizeResources({ removalPolicy: 'destroy' })

/**
 * CloudFormation knows a resource by its logical id alone. Under another id it makes a new, empty one, and what the old
 * one held is deleted, or left where nothing reads it. The id follows from the construct's path: so a construct that is
 * renamed or moved into another is a loss, and this list is what says so. Never change an entry to make the test pass.
 */
const DATA: Readonly<Record<string, string>> = {
  TasksTable88911DC5: 'cursors: each source would begin again with its first window and deliver twice',
  RegistryTableF2430F90: 'collectors, sources and fields: nothing would be collected any more',
  HealthEventsTable9F6073F6: 'the history of health, and what is open',
  Lake5F1B88EA: 'the events',
  AccessKeyE6B25659: 'the key that scripts and Terraform runs hold',
}

/** What a stack can be without, but its users would notice. */
const ADDRESSES: Readonly<Record<string, string>> = {
  BusEA82B648: 'rules that users added listen to it by name',
  DeadLettersBBF8BAAB: 'letters that nobody has read yet',
  AlarmsTopic3A2DFEBA: 'subscriptions, each of which its reader had to confirm',
  AdminFunction6887E710: 'the admin URL, which is the function’s',
  AdminFunctionFunctionUrl62577751: 'the admin URL, which every client is configured with',
  HealthLogs774F13BC: 'the log of health',
  DispatchLogs05E1D4C4: 'its log',
  CollectLogsDCF5CB26: 'its log',
  AdminLogs922FEE7F: 'its log',
  CatalogDatabaseE63956BB: 'the database that queries name',
  CatalogEvents6DA6E2BB: 'the table that queries name, with what users added to it',
}

const STATEFUL = new Set([
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
  'AWS::KMS::Key',
  'AWS::EFS::FileSystem',
  'AWS::RDS::DBInstance',
])

describe('a resource that holds data', () => {
  it.each(Object.entries({ ...DATA, ...ADDRESSES }))('keeps its logical id: %s (%s)', id => {
    expect(Object.keys(resources)).toContain(id)
    expect(Object.keys(given)).toContain(id)
  })

  it('is on the list', () => {
    const ids = Object.entries(resources).filter(([, { Type }]) => STATEFUL.has(Type))
    expect(ids.map(([id]) => id).sort()).toEqual(Object.keys(DATA).sort())
  })

  it('has no fixed name, because CloudFormation could not replace a resource with a fixed name', () => {
    for (const id of Object.keys(DATA))
      for (const name of ['TableName', 'BucketName', 'Name'])
        expect(resources[id]?.Properties).not.toHaveProperty(name)
  })
})

describe('the removal of the stack', () => {
  it('keeps tables, lake and access key, and deletes everything else', () => {
    const kept = Object.entries(resources).filter(([, { DeletionPolicy }]) =>
      DeletionPolicy?.startsWith('Retain'),
    )
    expect(kept.map(([id]) => id).sort()).toEqual(Object.keys(DATA).sort())
    for (const [, resource] of kept) expect(resource.UpdateReplacePolicy).toBe('Retain')
  })

  it('leaves no empty lake and no unused access key of a first deployment that failed', () => {
    const policies = Object.keys(DATA).map(id => [id, resources[id]?.DeletionPolicy])
    expect(Object.fromEntries(policies)).toEqual({
      // Protected from deletion, they could not be deleted: the rollback would fail.
      TasksTable88911DC5: 'Retain',
      RegistryTableF2430F90: 'Retain',
      HealthEventsTable9F6073F6: 'Retain',
      Lake5F1B88EA: 'RetainExceptOnCreate',
      AccessKeyE6B25659: 'RetainExceptOnCreate',
    })
  })

  it('keeps nothing with removalPolicy=destroy', () => {
    const policies = Object.values(given).map(({ DeletionPolicy = 'Delete' }) => DeletionPolicy)
    expect(new Set(policies)).toEqual(new Set(['Delete']))
    for (const id of Object.keys(DATA)) expect(given[id]?.UpdateReplacePolicy).toBe('Delete')
  })

  it('leaves tables that must be kept protected from deletion by hand, too', () => {
    const isProtected = (of: typeof resources) =>
      Object.values(of)
        .filter(({ Type }) => Type === 'AWS::DynamoDB::GlobalTable')
        .flatMap(table => table.Properties?.['Replicas'] as { DeletionProtectionEnabled: boolean }[])
        .map(({ DeletionProtectionEnabled }) => DeletionProtectionEnabled)
    expect(isProtected(resources)).toEqual([true, true, true])
    expect(isProtected(given)).toEqual([false, false, false])
  })

  it('empties no bucket, so CloudFormation deletes no bucket with events', () => {
    expect(JSON.stringify(given)).not.toContain('AutoDeleteObjects')
  })
})
