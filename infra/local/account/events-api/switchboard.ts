import { APIS, type Feature } from '../../../../shared/contract/apis.ts'
import { endLateness, type Lateness, startLateness } from '../history/generated-stream.ts'
import { type Effect, MODES, type ModeName } from './misbehaviours.ts'

/** What can be told to misbehave: each stream, and the introspection calls. */
export type Target = Feature | 'introspect'

export const FEATURES: readonly Feature[] = Object.values(APIS).map(({ feature }) => feature)
export const TARGETS: readonly Target[] = [...FEATURES, 'introspect']

export interface ModeOptions {
  /** All of them if absent. */
  readonly feature?: Target
  /** Then it is `ok` again; of all targets together if no feature is named. */
  readonly times?: number
  /** Begins after so many requests. */
  readonly afterRequests?: number
  /** Seconds, for 429. Default 30. */
  readonly retryAfter?: number
  /** Real milliseconds, for slow. Default 5000. */
  readonly delayMs?: number
  /** For the late modes. Default 30. */
  readonly lateMinutes?: number
}

export interface Switch {
  readonly mode: ModeName
  readonly options: ModeOptions
  waiting: number
  remaining: number
}

/** What matters of a request to whether a mode acts on it. */
export interface Asked {
  readonly target: Target
  /** The issue of the cursor that was sent. */
  readonly issue?: number
}

export interface Switchboard {
  set(mode: ModeName, options?: ModeOptions): void
  /** What happens to this request; counts it. */
  take(asked: Asked): { readonly effect: Effect; readonly options: ModeOptions; readonly mode: ModeName }
  current(): Record<
    Target,
    { readonly mode: ModeName; readonly remaining?: number; readonly waiting?: number }
  >
  /** Which issue of cursors is current for a feature. */
  issue(feature: Feature): number
  lateness(feature: Feature): readonly Lateness[]
}

const MINUTE_MS = 60_000

const newSwitch = (mode: ModeName, options: ModeOptions): Switch => ({
  mode,
  options,
  waiting: options.afterRequests ?? 0,
  remaining: options.times ?? Number.POSITIVE_INFINITY,
})

const perFeature = <T>(make: () => T): Record<Feature, T> => ({
  signinattempts: make(),
  itemusages: make(),
  auditevents: make(),
})

/** A mode of cursors or pages leaves other requests alone, and does not count them. */
function concerns(effect: Effect, { target, issue }: Asked, current: number): boolean {
  if (effect.kind === 'cursor') return issue !== undefined && (effect.refuses === 'all' || issue < current)
  if (effect.kind === 'page') return target !== 'introspect'
  return effect.kind === 'answer' || effect.kind === 'delivery'
}

function counted(state: Switch): boolean {
  if (state.waiting > 0) {
    state.waiting -= 1
    return false
  }
  state.remaining -= 1
  return state.remaining >= 0
}

const OK = { effect: MODES.ok.effect, options: {}, mode: 'ok' } as const

function shown({ mode, waiting, remaining }: Switch) {
  if (remaining <= 0) return { mode: 'ok' as const }
  return {
    mode,
    ...(Number.isFinite(remaining) ? { remaining } : {}),
    ...(waiting > 0 ? { waiting } : {}),
  }
}

function lateBy(effect: Effect, options: ModeOptions, nowMs: number, all: Lateness[]): void {
  endLateness(all, nowMs)
  if (effect.kind === 'late') startLateness(all, nowMs, (options.lateMinutes ?? 30) * MINUTE_MS, effect.place)
}

/** Which mode is on for what. A later switch replaces an earlier one. */
export function startSwitchboard(clock: { now(): number }): Switchboard {
  const lateness = perFeature<Lateness[]>(() => [])
  const issues = perFeature(() => 0)
  const ordinary = newSwitch('ok', {})
  const switches = new Map<Target, Switch>()
  return {
    set(mode, options = {}) {
      const state = newSwitch(mode, options)
      const { effect } = MODES[mode]
      for (const target of options.feature ? [options.feature] : TARGETS) {
        switches.set(target, state)
        if (target === 'introspect') continue
        lateBy(effect, options, clock.now(), lateness[target])
        // The clock's reading, so that a restarted account knows older cursors from newer ones.
        if (effect.kind === 'cursor') issues[target] = Math.max(issues[target] + 1, clock.now())
      }
    },
    take(asked) {
      const state = switches.get(asked.target) ?? ordinary
      const { effect } = MODES[state.mode]
      const current = asked.target === 'introspect' ? 0 : issues[asked.target]
      if (!concerns(effect, asked, current) || !counted(state)) return OK
      return { effect, options: state.options, mode: state.mode }
    },
    current() {
      const of = (target: Target) => shown(switches.get(target) ?? ordinary)
      return {
        signinattempts: of('signinattempts'),
        itemusages: of('itemusages'),
        auditevents: of('auditevents'),
        introspect: of('introspect'),
      }
    },
    issue: feature => issues[feature],
    lateness: feature => lateness[feature],
  }
}
