import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate } from '../../iam/evaluation.ts'
import type { PolicyStatement } from '../../template/model.ts'

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:letters'
const RULE = 'arn:aws:events:us-east-1:000000000000:rule/tick'

const request = {
  principal: 'arn:aws:iam::000000000000:role/collect',
  action: 'sqs:SendMessage',
  resource: QUEUE,
  context: { 'aws:securetransport': 'true', 'aws:sourcearn': RULE },
}

const statement = (changes: Partial<PolicyStatement> = {}): PolicyStatement => ({
  effect: 'Allow',
  actions: ['sqs:send*'],
  resources: ['arn:aws:sqs:*:*:letters'],
  ...changes,
})

const allowed = (statements: PolicyStatement[], resource: PolicyStatement[] = []): boolean =>
  evaluate(request, { identity: statements, resource }).allowed

const anyStatement: fc.Arbitrary<PolicyStatement> = fc.record({
  effect: fc.constantFrom('Allow' as const, 'Deny' as const),
  actions: fc.array(fc.constantFrom('*', 'sqs:*', 'sqs:sendmessage', 's3:*'), { maxLength: 2 }),
  resources: fc.array(fc.constantFrom('*', QUEUE, `${QUEUE}?`), { maxLength: 2 }),
})

test('refuses what nothing allows', () => {
  expect(evaluate(request, { identity: [] })).toEqual({
    allowed: false,
    refusal: 'because no identity-based policy allows the sqs:SendMessage action',
  })
  expect(allowed([statement({ actions: ['sqs:receivemessage'] })])).toBe(false)
  expect(allowed([statement({ resources: [`${QUEUE}/x`] })])).toBe(false)
})

test('lets a deny beat every allow, whatever their order and policy', () => {
  fc.assert(
    fc.property(fc.array(anyStatement), fc.nat(), fc.boolean(), (statements, at, inResourcePolicy) => {
      const deny = statement({ effect: 'Deny', principals: ['*'] })
      const identity = inResourcePolicy
        ? statements
        : statements.toSpliced(at % (statements.length + 1), 0, deny)
      expect(allowed([...identity, statement()], inResourcePolicy ? [deny] : [])).toBe(false)
    }),
  )
})

test('never loses a right by a further allow, nor wins one by a further deny', () => {
  fc.assert(
    fc.property(fc.array(anyStatement), anyStatement, (statements, more) => {
      const before = allowed(statements)
      const after = allowed([...statements, more])
      expect(more.effect === 'Allow' ? after || !before : before || !after).toBe(true)
    }),
  )
})

test('allows a call on one item for the partition keys that the policy names', () => {
  const conditions = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['TICKS'] } }
  const allows = (context: Readonly<Record<string, string>>): boolean =>
    evaluate({ ...request, context }, { identity: [statement({ conditions })] }).allowed
  expect(allows({ 'dynamodb:leadingkeys': 'TICKS' })).toBe(true)
  expect(allows({ 'dynamodb:leadingkeys': 'COLLECTORS' })).toBe(false)
  expect(allows({})).toBe(false)
})

test('takes an allow of the resource’s policy for those it names only', () => {
  expect(allowed([], [statement({ principals: ['events.amazonaws.com'] })])).toBe(false)
  expect(allowed([], [statement({ principals: [request.principal] })])).toBe(true)
  expect(allowed([], [statement({ principals: ['arn:aws:iam::000000000000:root'] })])).toBe(false)
  expect(
    allowed([statement()], [statement({ effect: 'Deny', principals: ['arn:aws:iam::000000000000:root'] })]),
  ).toBe(false)
})

test.each([
  [{ Bool: { 'aws:SecureTransport': 'true' } }, true],
  [{ Bool: { 'aws:SecureTransport': 'false' } }, false],
  [{ ArnEquals: { 'aws:SourceArn': RULE } }, true],
  [{ ArnLike: { 'aws:SourceArn': ['arn:aws:events:*:*:rule/other', 'arn:aws:events:*:*:rule/t*'] } }, true],
  [{ StringEquals: { 'aws:SourceArn': `${RULE}*` } }, false],
  [{ StringLike: { 'aws:SourceArn': '*tick' }, Bool: { 'aws:SecureTransport': 'false' } }, false],
  [{ StringEquals: { 'aws:SourceAccount': '000000000000' } }, false],
  [{ StringEqualsIfExists: { 'aws:SourceAccount': '000000000000' } }, true],
  [{ StringNotEquals: { 'aws:SourceAccount': '000000000000' } }, true],
  [{ StringNotEquals: { 'aws:SourceArn': ['x', RULE] } }, false],
])('evaluates the condition %j as %s', (conditions, holds) => {
  expect(allowed([statement({ conditions })])).toBe(holds)
})

test('throws on an operator that nobody admitted', () => {
  expect(() => allowed([statement({ conditions: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })])).toThrow(
    'IpAddress',
  )
})
