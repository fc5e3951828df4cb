import { randomUUID } from 'node:crypto'
import { type Activity, holdThisTurn } from '../clock/activity.ts'
import type { VirtualClock } from '../clock/clock.ts'
import type { Deployment, StateMachineResource } from '../template/model.ts'
import { loadStateMachines } from './engine.ts'
import { type AnswerTask, type RunningExecution, startExecution } from './execution.ts'
import type { ExecutionEvent } from './execution-event.ts'
import { createExecutionFiles, type ExecutionFiles, type UnfinishedExecution } from './execution-files.ts'
import { createExecutionList, type Execution } from './execution-list.ts'
import { createLambdaTask, type LambdaTaskParts } from './lambda-task.ts'
import { createTaskWorld } from './task-world.ts'

interface StateMachinesParts extends LambdaTaskParts {
  readonly deployment: Pick<Deployment, 'stateMachines'>
  readonly dataDir: string
  readonly clock: VirtualClock
  readonly activity: Activity
  readonly onEvent?: ((event: ExecutionEvent) => void) | undefined
}

/** Runs the state machines of a deployment. An execution that waits does not keep the activity busy. */
export interface StateMachineRunner {
  /** `input` is JSON text. Throws if there is no such machine. */
  start(machineArn: string, input: string): void
  /** Returns the executions of this emulator, the oldest first. */
  executions(): readonly Execution[]
  /** Ends all executions that run, as if they were lost. */
  abort(): void
  /** Begins the executions anew that an earlier emulator left unfinished. They keep their names. */
  resume(): void
  /** Ends all executions and begins no more. `resume` of the next emulator begins them anew. */
  stop(): void
}

type Begin = (unfinished: UnfinishedExecution, machine: StateMachineResource) => RunningExecution

/** Creates the function that begins executions. It loads the engine for the first one. */
function createBeginner(
  parts: StateMachinesParts,
  note: (machine: StateMachineResource, name: string, event: ExecutionEvent) => void,
): Begin {
  const world = createTaskWorld(parts.clock, parts.activity)
  let engine: ReturnType<typeof loadStateMachines> | undefined
  return ({ name, input }, machine) => {
    engine ??= loadStateMachines(world)
    const invoke = createLambdaTask(parts, machine, name)
    const answerTask: AnswerTask = (resource, given) => {
      world.taskBegins()
      return invoke(resource, given)
    }
    const onEvent = (event: ExecutionEvent): void => note(machine, name, event)
    holdThisTurn(parts.activity)
    return startExecution({ engine, world, machine, name, input, answerTask, onEvent })
  }
}

/** Keeps the executions that have not ended, here and in their file. */
function createUnfinishedList(files: ExecutionFiles) {
  const byName = new Map<string, UnfinishedExecution>()
  const save = (): void => files.keep([...byName.values()])
  return {
    add(execution: UnfinishedExecution): void {
      byName.set(execution.name, execution)
      save()
    },
    remove(name: string): void {
      byName.delete(name)
      save()
    },
  }
}

export function createStateMachines(parts: StateMachinesParts): StateMachineRunner {
  const files = createExecutionFiles(parts.dataDir)
  const list = createExecutionList()
  const unfinished = createUnfinishedList(files)
  const running = new Map<string, RunningExecution>()
  let stopped = false

  const begin = createBeginner(parts, (machine, name, event) => {
    if (stopped) return
    list.note(name, event)
    files.append(machine, name, event)
    parts.onEvent?.(event)
  })
  const forget = (name: string): void => {
    running.delete(name)
    if (!stopped) unfinished.remove(name)
  }
  const take = (taken: UnfinishedExecution, machine: StateMachineResource): void => {
    const { name, input } = taken
    unfinished.add(taken)
    if (stopped) return
    list.begin(name, input)
    const execution = begin(taken, machine)
    running.set(name, execution)
    void execution.ended.then(() => forget(name))
  }
  const abort = (): void => {
    holdThisTurn(parts.activity)
    for (const execution of running.values()) execution.abort()
  }
  const findMachine = (arn: string) => parts.deployment.stateMachines.find(each => each.arn === arn)

  return {
    abort,
    executions: list.all,
    start(machineArn, input) {
      const machine = findMachine(machineArn)
      if (!machine) throw new Error(`${machineArn} is no state machine of this stage`)
      take({ machineArn, name: randomUUID(), input: JSON.parse(input) }, machine)
    },
    resume() {
      for (const each of files.kept()) {
        const machine = findMachine(each.machineArn)
        if (machine) take(each, machine)
      }
    },
    stop() {
      stopped = true
      abort()
    },
  }
}
