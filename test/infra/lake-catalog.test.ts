import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { API_NAMES } from '../../shared/contract/apis.ts'
import { EVENTS_PREFIX, partitionFolder } from '../../shared/contract/lake-layout.ts'
import { rendered } from './rendered.ts'
import { templateWith } from './synthesized.ts'

interface TableInput {
  readonly Name: string
  readonly Parameters: Readonly<Record<string, string>>
  readonly PartitionKeys: readonly { readonly Name: string }[]
  readonly StorageDescriptor: {
    readonly Location: string
    readonly Columns: readonly { readonly Name: string; readonly Type: string }[]
    readonly SerdeInfo: { readonly SerializationLibrary: string; readonly Parameters: Record<string, string> }
  }
}

function findTable(context = {}): TableInput {
  const [table] = Object.values(templateWith(context).findResources('AWS::Glue::Table'))
  return (rendered(table?.['Properties']) as { TableInput: TableInput }).TableInput
}

const table = findTable()
const parameter = (name: string) => table.Parameters[name] ?? ''

describe('the partitions of the events table', () => {
  it('are computed from API and day', () => {
    expect(parameter('projection.enabled')).toBe('true')
    expect(table.PartitionKeys.map(({ Name }) => Name)).toEqual(['api', 'date'])
    expect(parameter('projection.api.type')).toBe('enum')
    expect(parameter('projection.api.values').split(',')).toEqual(API_NAMES)
    expect(parameter('projection.date.type')).toBe('date')
    expect(parameter('projection.date.format')).toBe('yyyy-MM-dd')
  })

  it('are the folders that events are delivered to', () => {
    const date = fc
      .date({ min: new Date('2026-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map(day => day.toISOString().slice(0, 10))
    fc.assert(
      fc.property(fc.constantFrom(...API_NAMES), date, (api, day) => {
        const projected = parameter('storage.location.template')
          .replace(/\$\{api\}/, api)
          .replace(/\$\{date\}/, day)
        expect(projected).toBe(`s3://<Lake>/${partitionFolder(api, day)}`)
      }),
    )
    expect(table.StorageDescriptor.Location).toBe(`s3://<Lake>/${EVENTS_PREFIX}`)
  })

  it('begin at the first delivery, or at the oldest one that is kept, and end tomorrow', () => {
    expect(parameter('projection.date.range')).toMatch(/^2026-\d\d-\d\d,NOW\+1DAYS$/)
    const kept = findTable({ lakeRetentionDays: 30 }).Parameters['projection.date.range']
    expect(kept).toBe('NOW-32DAYS,NOW+1DAYS')
  })
})

describe('the columns of the events table', () => {
  const columns = table.StorageDescriptor.Columns

  it('are named once each, as Hive allows', () => {
    const names = [...columns, ...table.PartitionKeys].map(({ Name }) => Name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
  })

  it('have types with balanced brackets and lower-case members', () => {
    for (const { Type } of columns) {
      expect(Type).toMatch(/^[a-z0-9_<>:,]+$/)
      expect(Type.split('<').length).toBe(Type.split('>').length)
    }
  })

  it('contain what we add to each event', () => {
    expect(table.StorageDescriptor.SerdeInfo).toMatchObject({
      SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
      Parameters: { 'mapping.metadata': '_metadata' },
    })
    expect(columns.find(({ Name }) => Name === 'metadata')?.Type).toBe(
      'struct<collector:string,source:string,sourcecategory:string,fields:map<string,string>,api:string>',
    )
  })
})

describe('the serde of the events table', () => {
  const { SerializationLibrary, Parameters } = table.StorageDescriptor.SerdeInfo
  const decision = readFileSync(
    join(import.meta.dirname, '../../docs/decisions/athena-json-reader.md'),
    'utf8',
  )

  it('is the one that can continue after an event that it cannot read', () => {
    expect(SerializationLibrary).toBe('org.openx.data.jsonserde.JsonSerDe')
    expect(Parameters).toEqual({
      'mapping.metadata': '_metadata',
      'ignore.malformed.json': 'true',
      'use.null.for.invalid.data': 'true',
    })
  })

  it('is the one of the decision record, whose table of lines reads the same folders', () => {
    expect(decision).toContain('the OpenX JSON SerDe stays')
    for (const name of Object.keys(Parameters))
      expect(decision).toContain(`\`${name.split('.metadata')[0]}\``)
    const template = parameter('storage.location.template').replace('<Lake>', '<LakeBucketName>')
    expect(decision).toContain(`'storage.location.template' = '${template}'`)
    expect(decision).toContain(`'projection.api.values' = '${API_NAMES.join(',')}'`)
    expect(decision).toContain(`'projection.date.range' = '${parameter('projection.date.range')}'`)
  })
})

it('has a database name that needs no quotes in a query', () => {
  const findDatabase = (context = {}) =>
    Object.values(templateWith(context).findResources('AWS::Glue::Database'))[0]?.['Properties'].DatabaseInput
      .Name
  expect(findDatabase()).toBe('onepasswordsource')
  expect(findDatabase({ stackName: 'Events-EU' })).toBe('events_eu')
})
