import type { StateDefinition, StateMachineResource, StatesDefinition } from './model.ts'
import { inside, type Place, type Problems } from './problems.ts'
import { isObject, toList, toText } from './properties.ts'
import { findByType, propertiesPlace, type Resource, toDataName } from './resolved-template.ts'
import { checkAssumedRole } from './roles.ts'

const SERVICE = 'states.amazonaws.com'
const STANDARD = 'STANDARD'

/** State types that are emulated. */
const TYPES = new Set(['Task', 'Wait', 'Choice', 'Succeed', 'Fail'])

const MEMBERS = new Set(['Comment', 'StartAt', 'States', 'TimeoutSeconds'])

const STATE_MEMBERS = new Set(
  [
    ['Type', 'Comment', 'Next', 'Parameters', 'ResultPath'],
    ['Resource', 'TimeoutSeconds', 'TimeoutSecondsPath', 'Retry', 'Catch'],
    ['Choices', 'Default', 'SecondsPath', 'TimestampPath', 'Error', 'Cause', 'ErrorPath', 'CausePath'],
  ].flat(),
)

export const readStateMachines = (
  resources: readonly Resource[],
  problems: Problems,
): StateMachineResource[] => {
  const functions = new Set(findByType(resources, 'AWS::Lambda::Function').map(({ arn }) => arn))
  return findByType(resources, 'AWS::StepFunctions::StateMachine').map(resource => {
    const { logicalId, name, arn, properties, constructPath } = resource
    checkType(resource, problems)
    const roleArn = toText(properties['RoleArn']) ?? ''
    checkAssumedRole({ roleArn, path: 'RoleArn', by: resource, service: SERVICE }, resources, problems)
    const place = inside(propertiesPlace(resource), 'DefinitionString')
    return {
      logicalId,
      name,
      arn,
      roleArn,
      file: toDataName({ constructPath, logicalId }),
      definition: parseDefinition(toText(properties['DefinitionString']) ?? '', {
        functions,
        place,
        problems,
      }),
    }
  })
}

function checkType(resource: Resource, problems: Problems): void {
  const type = toText(resource.properties['StateMachineType']) ?? STANDARD
  if (type !== STANDARD)
    problems.add(inside(propertiesPlace(resource), 'StateMachineType'), `${type} is not ${STANDARD}`)
}

interface Checking {
  readonly functions: ReadonlySet<string>
  readonly place: Place
  readonly problems: Problems
}

const NOTHING: StatesDefinition = { StartAt: '', States: {} }

function parseDefinition(json: string, checking: Checking): StatesDefinition {
  const { place, problems } = checking
  const definition = parseJson(json)
  if (!definition) {
    problems.add(place, 'is no JSON text of an object with StartAt and States')
    return NOTHING
  }
  checkMembers(definition, MEMBERS, checking)
  checkTarget(definition.StartAt, definition, inside(place, 'StartAt'), problems)
  for (const [name, state] of Object.entries(definition.States)) {
    checkState(state, definition, { ...checking, place: inside(inside(place, 'States'), name) })
  }
  return definition
}

function parseJson(json: string): StatesDefinition | undefined {
  try {
    const value: unknown = JSON.parse(json)
    const whole = isObject(value) && typeof value['StartAt'] === 'string' && isObject(value['States'])
    return whole ? (value as unknown as StatesDefinition) : undefined
  } catch {
    return undefined
  }
}

function checkMembers(value: object, known: ReadonlySet<string>, { place, problems }: Checking): void {
  for (const member of Object.keys(value)) {
    if (!known.has(member)) problems.add(inside(place, member), 'is not known to the local stage')
  }
}

function checkState(state: StateDefinition, definition: StatesDefinition, checking: Checking): void {
  const { functions, place, problems } = checking
  if (!TYPES.has(state.Type)) {
    problems.add(inside(place, 'Type'), `${state.Type} is a type of state that does not run here`)
    return
  }
  checkMembers(state, STATE_MEMBERS, checking)
  for (const target of findTargets(state)) checkTarget(target, definition, place, problems)
  if (state.Type === 'Task' && !functions.has(state.Resource ?? '')) {
    problems.add(inside(place, 'Resource'), `${state.Resource} is no function of this template`)
  }
}

const findTargets = ({ Next, Default, Choices, Catch }: StateDefinition): unknown[] =>
  [
    Next,
    Default,
    ...[...toList(Choices), ...toList(Catch)].map(each => (each as StateDefinition).Next),
  ].filter(target => target !== undefined)

function checkTarget(target: unknown, { States }: StatesDefinition, place: Place, problems: Problems): void {
  if (!Object.hasOwn(States, String(target))) problems.add(place, `leads to ${target}, which is no state`)
}
