import { describe, expect, it } from 'vitest'
import { readTransformer } from '../../template/input-transformer.ts'
import { gatherProblems } from '../../template/problems.ts'

const PLACE = { logicalId: 'Told', type: 'AWS::Events::Rule', path: 'Properties.Targets[0].InputTransformer' }

function read(template: unknown, paths: unknown) {
  const problems = gatherProblems()
  const InputTransformer = { InputTemplate: template, InputPathsMap: paths }
  return { problems, transformer: readTransformer({ InputTransformer }, PLACE, problems) }
}

describe('a target’s input transformer', () => {
  it('is a text with places to fill', () => {
    const { problems, transformer } = read('"<who> is <what>"', { who: '$.detail.a-b', what: '$.detail' })
    expect(() => problems.throwIfAny()).not.toThrow()
    expect(transformer).toEqual({
      template: '"<who> is <what>"',
      paths: { who: '$.detail.a-b', what: '$.detail' },
    })
  })

  it('need not be there', () => {
    expect(readTransformer({ Arn: 'x' }, PLACE, gatherProblems())).toBeUndefined()
  })

  it.each([
    ['an object', '{"who": <who>}', { who: '$.detail' }, 'is not one JSON text'],
    ['several lines', '"<who>"\n"<who>"', { who: '$.detail' }, 'is not one JSON text'],
    ['a place without a path', '"<who> <what>"', { who: '$.detail' }, 'uses <what>'],
    ['a name of EventBridge’s own', '"<aws.events.rule-name>"', {}, 'uses <aws.events.rule-name>'],
    ['a path with an index', '"<who>"', { who: '$.resources[0]' }, 'has the path $.resources[0]'],
  ])('is refused by name as %s', (_, template, paths, reason) => {
    const { problems } = read(template, paths)
    expect(() => problems.throwIfAny()).toThrow(`Told (AWS::Events::Rule) ${PLACE.path}: ${reason}`)
  })
})
