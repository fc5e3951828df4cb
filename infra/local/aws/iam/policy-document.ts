import type { PolicyStatement } from '../template/model.ts'
import { inside, type Place, type Problems } from '../template/problems.ts'
import { isKnownConditionKey, isKnownOperator } from './conditions.ts'

const STATEMENT_MEMBERS = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition'])

/**
 * Reads the statements of a resolved policy document. Whatever the evaluation does not understand is added to the
 * problems.
 */
export function readStatements(document: unknown, place: Place, problems: Problems): PolicyStatement[] {
  const statements = [asObject(document)['Statement'] ?? []].flat()
  return statements.map((statement, index) =>
    readStatement(asObject(statement), inside(inside(place, 'Statement'), index), problems),
  )
}

function readStatement(statement: Json, place: Place, problems: Problems): PolicyStatement {
  for (const member of Object.keys(statement)) {
    if (!STATEMENT_MEMBERS.has(member))
      problems.add(inside(place, member), 'is not evaluated by the local stage')
  }
  const effect = statement['Effect']
  if (effect !== 'Allow' && effect !== 'Deny')
    problems.add(inside(place, 'Effect'), 'is neither Allow nor Deny')
  const resources = texts(statement['Resource'])
  if (resources.some(resource => resource.includes('${'))) {
    problems.add(inside(place, 'Resource'), 'policy variables are not evaluated by the local stage')
  }
  return {
    effect: effect === 'Allow' ? 'Allow' : 'Deny',
    actions: texts(statement['Action']).map(action => action.toLowerCase()),
    resources,
    ...(statement['Principal'] === undefined
      ? {}
      : { principals: readPrincipals(statement['Principal'], inside(place, 'Principal'), problems) }),
    ...(statement['Condition'] === undefined
      ? {}
      : {
          conditions: readConditions(asObject(statement['Condition']), inside(place, 'Condition'), problems),
        }),
  }
}

function readPrincipals(principal: unknown, place: Place, problems: Problems): string[] {
  if (principal === '*') return ['*']
  return Object.entries(asObject(principal)).flatMap(([kind, named]) => {
    if (kind !== 'AWS' && kind !== 'Service')
      problems.add(inside(place, kind), 'is a kind of principal not known here')
    return texts(named)
  })
}

function readConditions(
  conditions: Json,
  place: Place,
  problems: Problems,
): Record<string, Record<string, string[]>> {
  const read = Object.entries(conditions).map(([operator, keys]) => {
    const at = inside(place, operator)
    if (!isKnownOperator(operator)) problems.add(at, 'condition operator not known to the local stage')
    for (const key of Object.keys(asObject(keys))) {
      if (!isKnownConditionKey(key))
        problems.add(inside(at, key), 'condition key not known to the local stage')
    }
    const wanted = Object.entries(asObject(keys)).map(([key, value]) => [key, texts(value)] as const)
    return [operator, Object.fromEntries(wanted)] as const
  })
  return Object.fromEntries(read)
}

type Json = Readonly<Record<string, unknown>>

const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {}

const texts = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String))
