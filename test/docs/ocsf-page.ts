import {
  ACCESS_ACTIVITIES,
  ACCOUNT_ACTIVITIES,
  ENTITY_ACTIVITIES,
  GROUP_ACTIVITIES,
  ITEM_USAGE_ACTIVITIES,
  MEMBERSHIP_ACTIVITIES,
} from '../../shared/domain/ocsf/activities.ts'
import { AUDIT_BY_OBJECT, AUDIT_OF_ENTITY } from '../../shared/domain/ocsf/audit.ts'
import type { Codes } from '../../shared/domain/ocsf/codes.ts'
import { OCSF_VERSION } from '../../shared/domain/ocsf/event-class.ts'
import { ITEM_USAGE } from '../../shared/domain/ocsf/item-usage.ts'
import { AUTH_FACTORS, ENTITY_TYPES, OS_TYPES, USER_TYPES } from '../../shared/domain/ocsf/object-types.ts'
import { OBSERVABLES } from '../../shared/domain/ocsf/observables.ts'
import { ITEM_USAGE_SEVERITY, SIGN_IN_SEVERITY, SIGN_IN_STATUS } from '../../shared/domain/ocsf/outcomes.ts'
import type { Part, Row } from '../../shared/domain/ocsf/rows.ts'
import type { Shape } from '../../shared/domain/ocsf/shape.ts'
import { SIGN_IN } from '../../shared/domain/ocsf/sign-in.ts'
import { code, codeList, table } from './markdown.ts'

const AUDIT_SHAPES = [...new Set([...AUDIT_BY_OBJECT.values(), AUDIT_OF_ENTITY])]

const findObjects = (shape: Shape): string[] =>
  [...AUDIT_BY_OBJECT].filter(([, each]) => each === shape).map(([object]) => object)

const className = (shape: Shape): string => `${shape.class.uid} ${shape.class.name}`

const classes = (): string =>
  table(
    ['stream', 'object', 'class', 'category'],
    [
      ['sign-in attempts', '', className(SIGN_IN), SIGN_IN.class.categoryName],
      ['item usages', '', className(ITEM_USAGE), ITEM_USAGE.class.categoryName],
      ...AUDIT_SHAPES.map(shape => [
        'audit events',
        codeList(findObjects(shape)) || 'every other, known or not',
        className(shape),
        shape.class.categoryName,
      ]),
    ],
  )

const codesTable = (heading: string, { rows }: Codes): string =>
  table(
    [heading, 'number', 'text'],
    rows.map(({ id, caption, words }) => [codeList(words), String(id), caption]),
  )

const section = (heading: string, text: string): string => `${heading}\n\n${text}`

const ACTIVITIES: readonly (readonly [string, Codes])[] = [
  ['Item usages', ITEM_USAGE_ACTIVITIES],
  ['Users', ACCOUNT_ACTIVITIES],
  ['Groups', GROUP_ACTIVITIES],
  ['Memberships of groups', MEMBERSHIP_ACTIVITIES],
  ['Access of groups and users to vaults', ACCESS_ACTIVITIES],
  ['Other objects', ENTITY_ACTIVITIES],
]

function describeSource(row: Row): string {
  if (row.kind === 'constant') return `always ${code([row.value].flat().join(', '))}`
  if (row.kind === 'join') return `${row.from.map(code).join(', ')}, with ${code(row.between)} between`
  return row.from.map(code).join(', else ')
}

function describeConversion(row: Row): string {
  if (row.kind !== 'value' && row.kind !== 'code') return ''
  const without =
    row.kind === 'code' && typeof row.others === 'object' ? `else ${code(row.others.without)}` : ''
  const only =
    row.kind === 'code' && row.others === 'none' && row.as.says === '' ? 'if the word is in the table' : ''
  return [row.as.says, only, without].filter(text => text !== '').join(', ')
}

function describeRow({ at }: Part, row: Row): string[] {
  const attribute = at === '' ? row.to : `${at}.${row.to}`
  const name = row.kind === 'code' ? `${code(`${attribute}_id`)}, ${code(attribute)}` : code(attribute)
  return [name, describeSource(row), describeConversion(row)]
}

function describeNeeds({ at, needs, otherwise }: Part): string[][] {
  if (!needs) return []
  const [missing] = Object.entries(otherwise ?? {})
  const without = `${needs.length > 1 ? 'if there is none of' : 'if there is no'} ${needs.map(code).join(', ')}`
  const [name, value] = missing ?? []
  return [
    missing
      ? [code(`${at}.${name}`), `always ${code(String(value))}`, without]
      : [code(at), 'left out', without],
  ]
}

const partsTable = (parts: readonly Part[]): string =>
  table(
    ['attribute', 'from', ''],
    parts.flatMap(part => [...part.rows.map(row => describeRow(part, row)), ...describeNeeds(part)]),
  )

const isSame = (one: Part, other: Part): boolean => partsTable([one]) === partsTable([other])

/** Whether all audit events have this part. */
const isCommon = (part: Part): boolean =>
  AUDIT_SHAPES.every(({ parts }) => parts.some(each => isSame(each, part)))

const auditSections = (): string[] =>
  AUDIT_SHAPES.map(shape =>
    section(
      `### Audit events about ${codeList(findObjects(shape)) || 'other objects'}`,
      partsTable(shape.parts.filter(part => !isCommon(part))),
    ),
  )

/** Makes the page about OCSF from the tables of the mapping. */
export const makeOcsfPage = (): string =>
  `${[
    '# Events in OCSF',
    `This page is made from the code, in \`shared/domain/ocsf/\`. After a change there, \`npm run docs\` writes it anew. A test holds the two equal.`,
    `Every event of the three streams has a form in the [Open Cybersecurity Schema Framework](https://schema.ocsf.io/${OCSF_VERSION}/), version ${OCSF_VERSION}. The events are valid in 1.5, 1.6 and 1.7, too, apart from the type Service of a user, which came with 1.6.`,
    'The function is `toOcsfEvent` in `shared/domain/ocsf/ocsf-event.ts`. Nothing writes its results yet.',
    'Nothing is lost:',
    [
      '- A word that OCSF has no number for is 99, Other. The text beside the number is the word itself. The same holds for words that the vendor has not invented yet.',
      '- What no attribute says exactly as it was is in `unmapped`, where it was in the event.',
      '- `raw_data` can hold the text of the event. It doubles the bytes.',
    ].join('\n'),
    section('## Classes', classes()),
    'An item usage is API Activity, as reads of other stores of secrets are: one question finds who read which secret, wherever it was. Datastore Activity demands a database, a bucket or a table. Entity Management is for changes, not for use.',
    section(
      '## Activities',
      'A sign-in attempt is 1 Logon. An event without an action is 0 Unknown. An action in no row is 99 Other.',
    ),
    ...ACTIVITIES.map(([name, activities]) => section(`### ${name}`, codesTable('action', activities))),
    section(
      '## Status and severity',
      'Audit events and item usages have happened: 1 Success. Audit events are 1 Informational. A sign-in attempt that the firewall only reported has passed.',
    ),
    codesTable('category', SIGN_IN_STATUS),
    codesTable('category', SIGN_IN_SEVERITY),
    table(
      ['action of an item usage', 'number', 'text'],
      ITEM_USAGE_SEVERITY.rows.map(({ id, caption, words }) => [
        ITEM_USAGE.severity.otherwise === words[0] ? 'every other' : codeList(words),
        String(id),
        caption,
      ]),
    ),
    section(
      '## Attributes',
      '`time` is `timestamp` in milliseconds (finer digits are cut off), or the time of delivery if that is no time. `metadata.logged_time` is the time of delivery. If several rows are for one attribute, the first one that finds a value counts.',
    ),
    section('### Sign-in attempts', partsTable(SIGN_IN.parts)),
    section('### Item usages', partsTable(ITEM_USAGE.parts)),
    section('### Every audit event', partsTable(AUDIT_OF_ENTITY.parts.filter(isCommon))),
    ...auditSections(),
    section('## Types', codesTable('user', USER_TYPES)),
    codesTable('operating system', OS_TYPES),
    codesTable('type of the sign-in attempt: its second factor', AUTH_FACTORS),
    codesTable('object of the audit event', ENTITY_TYPES),
    section(
      '## Observables',
      table(
        ['attribute', 'number', 'type'],
        OBSERVABLES.map(({ name, typeId, type }) => [code(name), String(typeId), type]),
      ),
    ),
  ].join('\n\n')}\n`
