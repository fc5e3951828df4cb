import type { Scheduler } from 'fast-check'

type Method = (...args: never[]) => unknown

/** Wraps ports, so that their asynchronous calls take effect in the order that the scheduler chooses. */
export function interleaved<T extends object>(
  ports: T,
  names: readonly (keyof T)[],
  scheduler: Scheduler,
): T {
  const wrap =
    (method: Method, owner: object) =>
    async (...args: never[]) => {
      await scheduler.schedule(Promise.resolve())
      return method.apply(owner, args)
    }

  const wrapPort = (port: object): object =>
    new Proxy(port, {
      get: (target, member, receiver) => {
        const value = Reflect.get(target, member, receiver)
        return typeof value === 'function' ? wrap(value, target) : value
      },
    })

  return { ...ports, ...Object.fromEntries(names.map(name => [name, wrapPort(ports[name] as object)])) }
}
