import { callName } from './applying.ts'

/** Kills a process between two effects: from then on nothing that it calls takes effect or answers. */
export interface Kill {
  /** The how-manieth effect of the run, counted from 0. */
  readonly at: number
  /** Whether that effect itself still happens. */
  readonly phase: 'before' | 'after'
}

type Method = (...args: never[]) => unknown

const never = new Promise<never>(() => {})

export interface Killable<T> {
  readonly ports: T
  /** Resolves when the kill has struck. */
  readonly killed: Promise<'killed'>
  readonly effects: string[]
}

/**
 * Ports whose asynchronous calls are counted as effects, `clock` and other plain objects left alone. Pass what counts
 * as names of ports.
 */
export function killable<T extends object>(ports: T, names: readonly (keyof T)[], kill?: Kill): Killable<T> {
  const effects: string[] = []
  const dead = Promise.withResolvers<'killed'>()
  let alive = true

  const strike = (): Promise<never> => {
    alive = false
    dead.resolve('killed')
    return never
  }

  const wrap =
    (port: string, member: string, method: Method, owner: object) =>
    (...args: never[]) => {
      const run = async (): Promise<unknown> => {
        if (!alive) return never
        const index = effects.push(callName(port, member, args)) - 1
        if (kill?.at === index && kill.phase === 'before') return strike()
        const result = await method.apply(owner, args)
        if (!alive || (kill?.at === index && kill.phase === 'after')) return strike()
        return result
      }
      return run()
    }

  const wrapPort = (port: object, name: string): object =>
    new Proxy(port, {
      get: (target, member, receiver) => {
        const value = Reflect.get(target, member, receiver)
        return typeof value === 'function' ? wrap(name, String(member), value, target) : value
      },
    })

  const wrapped = Object.fromEntries(names.map(name => [name, wrapPort(ports[name] as object, String(name))]))
  return { ports: { ...ports, ...wrapped }, killed: dead.promise, effects }
}
