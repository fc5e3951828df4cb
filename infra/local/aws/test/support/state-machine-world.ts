import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createActivity, holdOverJumps } from '../../clock/activity.ts'
import { createClock } from '../../clock/clock.ts'
import { createAuthorizer } from '../../iam/authorizer.ts'
import { createFunctionPool, type FunctionPool } from '../../lambda/function-pool.ts'
import { errorText } from '../../lambda/invocation.ts'
import { createStateMachines } from '../../states/state-machines.ts'
import type { StateDefinition, StatesDefinition } from '../../template/model.ts'
import { aDeployment, aFunction, temporaryFolder, writeBundle } from './local-functions.ts'

export const ROLE = 'arn:aws:iam::000000000000:role/Stack-MachineRole'
export const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:Stack-Machine'
export const FUNCTION = aFunction().arn
export const START_MS = Date.parse('2026-01-01T12:00:00Z')

export const at = (seconds: number): string => new Date(START_MS + seconds * 1000).toISOString()

/**
 * A Task whose function prints the virtual time, and does what the input's next `script` says: an answer, an error's
 * name or a rest in ms.
 */
const SCRIPTED = `
  globalThis.calls ??= 0
  const next = event.script[calls++]
  console.log(JSON.stringify({ at: new Date().toISOString(), event }))
  if (next.error) { const error = new Error(next.message); error.name = next.error; throw error }
  if (next.rest) await new Promise(resolve => setTimeout(resolve, next.rest))
  return next
`

export const ask = (given: object = {}) =>
  ({
    ...{ Type: 'Task', Resource: FUNCTION, Next: 'Done' },
    ...{ Parameters: { 'script.$': '$.script', 'execution.$': '$$.Execution.Name' }, ResultPath: '$.answer' },
    ...given,
  }) as StateDefinition

interface Given {
  readonly states: StatesDefinition['States']
  readonly timeoutSeconds?: number
  readonly dataDir?: string
  readonly mayInvoke?: boolean
  readonly reservedConcurrency?: number
  readonly speed?: number
}

/** One machine, which begins with its first state, and one function. */
export function stateMachineWorld(given: Given) {
  const { states, timeoutSeconds, dataDir = temporaryFolder(), mayInvoke = true, speed = 1 } = given
  const clock = createClock({ startMs: START_MS, speed })
  const activity = createActivity()
  onTestFinished(holdOverJumps(activity, clock))
  const { reservedConcurrency } = given
  const resource = aFunction({
    codeFolder: writeBundle(SCRIPTED),
    ...(reservedConcurrency !== undefined && { reservedConcurrency }),
  })
  const statements = [{ effect: 'Allow' as const, actions: ['lambda:invokefunction'], resources: [FUNCTION] }]
  const definition: StatesDefinition = {
    StartAt: Object.keys(states)[0] ?? '',
    States: states,
    ...(timeoutSeconds !== undefined && { TimeoutSeconds: timeoutSeconds }),
  }
  const deployment = aDeployment({
    functions: [resource],
    roles: [{ logicalId: 'R', name: 'R', arn: ROLE, statements: mayInvoke ? statements : [] }],
    stateMachines: [
      { logicalId: 'M', name: 'Stack-Machine', arn: MACHINE, roleArn: ROLE, file: 'retry', definition },
    ],
  })
  const calls: { at: string; event: Record<string, unknown> }[] = []
  const onOutput = (text: string): void => void calls.push(JSON.parse(text))
  const pool = createFunctionPool({ resource, environment: {}, clock, onOutput })
  onTestFinished(() => pool.close())
  const errors: string[] = []
  const machines = createStateMachines({
    ...{ deployment, dataDir, clock, activity, authorizer: createAuthorizer(deployment) },
    pools: new Map<string, FunctionPool>([[FUNCTION, pool]]),
    onFunctionError: (_, result) => errors.push(errorText(result)),
  })
  onTestFinished(machines.stop)
  const history = () =>
    readFileSync(join(dataDir, 'executions', 'retry.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
  const start = (input: object): void => machines.start(MACHINE, JSON.stringify(input))
  const seconds = () => calls.map(call => Math.floor((Date.parse(call.at) - START_MS) / 1000))
  const advanceTo = async (second: number): Promise<void> => {
    clock.advance(START_MS + second * 1000 - clock.now())
    await activity.idle()
  }
  const sole = () => machines.executions()[0]
  return { machines, clock, activity, calls, errors, history, start, seconds, advanceTo, sole, pool, dataDir }
}
