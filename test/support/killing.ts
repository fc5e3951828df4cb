import { callName } from './applying.ts'

/** Kills a process between two effects. From then on no call of the process takes effect, and no call returns. */
export interface Kill {
  /** The number of the effect in the run. It counts from 0. */
  readonly at: number
  /** `after`: the effect itself still happens. */
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
 * Wraps the named ports, so that each of their calls counts as an effect and the process can be killed there. Other
 * ports, such as the clock, stay as they are.
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
