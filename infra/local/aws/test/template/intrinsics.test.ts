import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resolve } from '../../template/intrinsics.ts'
import { gatherProblems } from '../../template/problems.ts'

const PLACE = { logicalId: 'Thing', type: 'Test::Thing', path: 'Properties' }

/** A variable of Fn::Sub. */
const of = (name: string): string => `\${${name}}`

const REFERENCES: Record<string, unknown> = {
  Table: 'Stack-Table',
  'AWS::Region': 'us-east-1',
  Names: ['a', 'b'],
}
const ATTRIBUTES: Record<string, string> = { 'Table.Arn': 'arn:table', 'Lake.Deep.Name': 'deep' }

const scope = {
  ref: (name: string) => REFERENCES[name],
  attribute: (logicalId: string, name: string) => ATTRIBUTES[`${logicalId}.${name}`],
}

function resolved(value: unknown): unknown {
  const problems = gatherProblems()
  const result = resolve(value, PLACE, { scope, problems })
  problems.throwIfAny()
  return result
}

test.each([
  [{ Ref: 'Table' }, 'Stack-Table'],
  [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:table'],
  [{ 'Fn::GetAtt': 'Lake.Deep.Name' }, 'deep'],
  [{ 'Fn::Join': ['', ['x/', { Ref: 'AWS::Region' }, '/', 1]] }, 'x/us-east-1/1'],
  [{ 'Fn::Join': ['-', { Ref: 'Names' }] }, 'a-b'],
  [
    { 'Fn::Sub': `${of('Table')}:${of('Table.Arn')}:${of('AWS::Region')}:${of('!Literal')}` },
    `Stack-Table:arn:table:us-east-1:${of('Literal')}`,
  ],
  [{ 'Fn::Sub': [of('Own'), { Own: { Ref: 'Table' } }] }, 'Stack-Table'],
  [{ 'Fn::Select': ['1', { 'Fn::Split': ['-', { Ref: 'AWS::Region' }] }] }, 'east'],
  [
    { Ref: 'Table', Other: 1 },
    { Ref: 'Table', Other: 1 },
  ],
  [{ list: [{ Ref: 'AWS::NoValue' }, true, null], gone: { Ref: 'AWS::NoValue' } }, { list: [true, null] }],
])('resolves %j', (value, expected) => {
  expect(resolved(value)).toEqual(expected)
})

test('joins what it split', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (text, separator) => {
      const split = { 'Fn::Split': [separator, text] }
      expect(resolved({ 'Fn::Join': [separator, split] })).toBe(text)
    }),
  )
})

test('does not change what contains no function', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      fc.pre(!/Fn::|"Ref"|\{\{resolve:/.test(JSON.stringify(value)))
      expect(resolved(value)).toEqual(value)
    }),
  )
})

test.each([
  [{ Ref: 'Gone' }, 'Properties.Ref: refers to Gone, which is not known'],
  [
    { a: [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }] },
    'Properties.a[0].Fn::GetAtt: refers to Table.StreamArn',
  ],
  [{ 'Fn::Sub': `x${of('Gone.Arn')}` }, 'refers to Gone.Arn'],
  [{ 'Fn::If': ['Condition', 1, 2] }, 'Properties.Fn::If: is an intrinsic function not known'],
  [{ 'Fn::Select': [2, ['a']] }, 'selects item 2, which is not there'],
  [{ a: '{{resolve:ssm:/name}}' }, 'Properties.a: dynamic references are not resolved'],
])('refuses %j by name', (value, reason) => {
  expect(() => resolved(value)).toThrow(reason)
})
