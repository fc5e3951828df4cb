import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compileFunction } from 'node:vm'
import type { StateMachine } from 'aws-local-stepfunctions'
import { createVirtualDate } from '../clock/clock.ts'

/** What state machines need from outside: time and randomness. */
export interface EngineWorld {
  /** The engine only passes the result to clearTimeout. */
  setTimeout(callback: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
  /** Epoch milliseconds, whole. */
  now(): number
  /** From 0 to below 1. */
  random(): number
}

/** Creates machines of definitions. Definitions are not validated here, because the validator loads slowly. */
export type StateMachines = new (
  definition: object,
  options: { readonly validationOptions: { readonly noValidate: true } },
) => Pick<StateMachine, 'run'>

const FREE_NAMES = ['exports', 'require', 'module', 'setTimeout', 'clearTimeout', 'Date', 'Math']

/** Modules that load slowly and are never called: every Task has a handler, and definitions are not validated here. */
const UNUSED = /^(?:@aws-sdk\/|asl-validator$)/

/** Loads the engine of Step Functions. Its timers, its time and its randomness are those of the given world. */
export function loadStateMachines(world: EngineWorld): StateMachines {
  const file = createRequire(import.meta.url).resolve('aws-local-stepfunctions')
  const ownRequire = createRequire(file)
  const load = (name: string): unknown => (UNUSED.test(name) ? {} : ownRequire(name))
  const module: { exports: { StateMachine?: StateMachines } } = { exports: {} }
  const math = Object.create(Math, { random: { value: () => world.random() } })
  compileFunction(readFileSync(file, 'utf8'), FREE_NAMES, { filename: file })(
    module.exports,
    load,
    module,
    (callback: () => void, ms: number) => world.setTimeout(callback, ms),
    (timer: unknown) => world.clearTimeout(timer),
    createVirtualDate(() => world.now()),
    math,
  )
  const { StateMachine } = module.exports
  if (!StateMachine) throw new Error(`${file} exports no StateMachine`)
  return StateMachine
}
