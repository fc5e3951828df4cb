import { APIS, type Feature } from '../../../../shared/contract/apis.ts'
import { endLateness, type Lateness, startLateness } from './lateness.ts'
import { type Misbehaviour, type MisbehaviourOptions, type ModeName, modeNamed } from './misbehaviours.ts'

/** What can be switched to a mode: each stream, and introspection. */
export type Target = Feature | 'introspect'

export const FEATURES: readonly Feature[] = Object.values(APIS).map(({ feature }) => feature)
export const TARGETS: readonly Target[] = [...FEATURES, 'introspect']

export interface ModeOptions extends MisbehaviourOptions {
  /** @default all of them */
  readonly feature?: Target
  /** After so many requests the mode is `ok` again. Without a feature the requests of all targets count together. */
  readonly times?: number
  /** The mode begins after so many requests. */
  readonly afterRequests?: number
}

/** What decides whether a mode affects a request. */
export interface SwitchedRequest {
  readonly target: Target
  /** Generation of the cursor that was sent. */
  readonly generation?: number
}

export interface SwitchedMode {
  readonly mode: ModeName
  readonly misbehaviour: Misbehaviour
  readonly options: ModeOptions
}

export interface ShownMode {
  readonly mode: ModeName
  readonly remaining?: number
  readonly waiting?: number
}

/** Which mode is on for which target. A later switch replaces an earlier one. */
export interface Switchboard {
  set(mode: ModeName, options: ModeOptions, nowMs: number): void
  /** Returns the mode of this request, and counts the request. */
  take(request: SwitchedRequest): SwitchedMode
  current(): Record<Target, ShownMode>
  /** Generation of the cursors that the feature issues now. */
  generation(feature: Feature): number
  lateness(feature: Feature): readonly Lateness[]
}

interface Switch extends SwitchedMode {
  waiting: number
  remaining: number
}

const MINUTE_MS = 60_000

const newSwitch = (mode: ModeName, options: ModeOptions): Switch => ({
  ...{ mode, options, misbehaviour: modeNamed(mode) },
  waiting: options.afterRequests ?? 0,
  remaining: options.times ?? Number.POSITIVE_INFINITY,
})

const OK: SwitchedMode = newSwitch('ok', {})

const perFeature = <T>(make: () => T): Record<Feature, T> => ({
  signinattempts: make(),
  itemusages: make(),
  auditevents: make(),
})

function isAffected(
  { affects = 'every request' }: Misbehaviour,
  { target, generation }: SwitchedRequest,
  currentGeneration: number,
): boolean {
  if (affects === 'earlier cursors') return generation !== undefined && generation < currentGeneration
  if (affects === 'all cursors') return generation !== undefined
  if (affects === 'pages') return target !== 'introspect'
  return affects === 'every request'
}

/** Counts a request. Returns whether the mode is on for it. */
function countRequest(state: Switch): boolean {
  if (state.waiting > 0) {
    state.waiting -= 1
    return false
  }
  state.remaining -= 1
  return state.remaining >= 0
}

function showMode(state: Switch | undefined): ShownMode {
  if (!state || state.remaining <= 0) return { mode: 'ok' }
  const { mode, waiting, remaining } = state
  return {
    mode,
    ...(Number.isFinite(remaining) ? { remaining } : {}),
    ...(waiting > 0 ? { waiting } : {}),
  }
}

const refusesCursors = ({ affects }: Misbehaviour): boolean => affects?.endsWith('cursors') ?? false

export function createSwitchboard(): Switchboard {
  const lateness = perFeature<Lateness[]>(() => [])
  const generations = perFeature(() => 0)
  const switches = new Map<Target, Switch>()

  function setFeature(feature: Feature, { misbehaviour, options }: Switch, nowMs: number): void {
    endLateness(lateness[feature], nowMs)
    const { late } = misbehaviour
    const delayMs = (options.lateMinutes ?? 30) * MINUTE_MS
    if (late) startLateness(lateness[feature], { nowMs, delayMs, place: late })
    // A restarted account begins to count anew. With the time in the number, it still recognises older cursors.
    if (refusesCursors(misbehaviour)) generations[feature] = Math.max(generations[feature] + 1, nowMs)
  }

  return {
    set(mode, options, nowMs) {
      const state = newSwitch(mode, options)
      for (const target of options.feature ? [options.feature] : TARGETS) {
        switches.set(target, state)
        if (target !== 'introspect') setFeature(target, state, nowMs)
      }
    },
    take(request) {
      const state = switches.get(request.target)
      if (!state) return OK
      const generation = request.target === 'introspect' ? 0 : generations[request.target]
      return isAffected(state.misbehaviour, request, generation) && countRequest(state) ? state : OK
    },
    current() {
      const shown = TARGETS.map(target => [target, showMode(switches.get(target))] as const)
      return Object.fromEntries(shown) as Record<Target, ShownMode>
    },
    generation: feature => generations[feature],
    lateness: feature => lateness[feature],
  }
}
