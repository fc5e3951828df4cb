/** Date as virtual time has it; the engine's own stays as it is. Parsing and arithmetic are the engine's. */
export function virtualDate(now: () => number): DateConstructor {
  const RealDate = globalThis.Date
  return new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
}
