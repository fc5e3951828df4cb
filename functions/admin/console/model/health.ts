import type { CollectedApi, CollectedSource } from './collected.ts'
import { byTime } from './format.ts'

/** What a person must know of a source, the worst first. */
export const HEALTHS = ['failed', 'retrying', 'silent', 'warning', 'starting', 'stopping', 'healthy'] as const

export type Health = (typeof HEALTHS)[number]

export const HEALTH_TITLES: Readonly<Record<Health, string>> = {
  failed: 'Needs you',
  retrying: 'Retrying',
  silent: 'No word',
  warning: 'Warning',
  starting: 'Starting',
  stopping: 'Stopping',
  healthy: 'Collecting',
}

/** The health of one API. A run that has not ended changes nothing: the state is that of the last one that has. */
export function apiHealth(api: CollectedApi): Health {
  if (api.state === 'Stopping') return 'stopping'
  if (api.state === 'Error') return api.retry?.nextRetry === undefined ? 'failed' : 'retrying'
  if (api.noWordSince !== undefined) return 'silent'
  if (api.warnings.length > 0) return 'warning'
  return api.state === 'Collecting' ? 'healthy' : 'starting'
}

/** The worst health of several. */
export const worstHealth = (healths: readonly Health[]): Health =>
  HEALTHS.find(health => healths.includes(health)) ?? 'starting'

export const sourceHealth = ({ apis, state }: CollectedSource): Health =>
  state.state === 'Stopping' ? 'stopping' : worstHealth(apis.map(apiHealth))

/** One thing that is wrong with a source: what, since when, and what to do. */
export interface Finding {
  readonly health: Health
  /** All that have it: a refused token is wrong for each of them. */
  readonly apis: readonly string[]
  readonly title: string
  readonly since?: string | undefined
  readonly info: string
  readonly advice?: string | undefined
  /** For programs, e.g. THIRD-PARTY-CONFIG. */
  readonly type?: string | undefined
  readonly code?: number | undefined
}

const FAULT_TITLES: Readonly<Record<string, string>> = {
  'THIRD-PARTY-CONFIG': 'The source must be changed',
  'THIRD-PARTY-GENERIC': '1Password cannot be read',
  'FIRST-PARTY-GENERIC': 'Trouble on our side',
}

function findFault(api: CollectedApi): readonly Finding[] {
  const { error, advice, retry, since } = api
  if (!error) return []
  const health = apiHealth(api)
  const about = { apis: [api.api], since: retry?.since ?? since, info: error.info, advice }
  return [
    { ...about, health, title: FAULT_TITLES[error.type] ?? error.type, type: error.type, code: error.code },
  ]
}

function findSilence({ api, noWordSince }: CollectedApi): readonly Finding[] {
  if (noWordSince === undefined) return []
  const info = 'No run has begun or ended for two ticks, although one was due.'
  const advice = 'Look at the alarms of the stack. The state is that of the last run that ended.'
  return [{ health: 'silent', apis: [api], title: 'No word', since: noWordSince, info, advice }]
}

const findWarnings = ({ api, warnings }: CollectedApi): readonly Finding[] =>
  warnings.map(({ title, since, description }) => ({
    ...{ health: 'warning' as const, apis: [api], title, since, info: description },
  }))

const earliest = (findings: readonly Finding[]): string | undefined =>
  findings.flatMap(({ since }) => since ?? []).sort(byTime)[0]

/** What several APIs have alike is said once. */
function mergeAlike(findings: readonly Finding[]): readonly Finding[] {
  const alike = Map.groupBy(findings, ({ health, title, info, code }) =>
    JSON.stringify([health, title, info, code]),
  )
  return [...alike.values()].flatMap(own =>
    own.slice(0, 1).map(first => ({ ...first, apis: own.flatMap(({ apis }) => apis), since: earliest(own) })),
  )
}

/** All that is wrong with a source, the worst first. */
export const findFindings = ({ apis }: CollectedSource): readonly Finding[] =>
  mergeAlike(apis.flatMap(api => [...findFault(api), ...findSilence(api), ...findWarnings(api)])).toSorted(
    (a, b) => HEALTHS.indexOf(a.health) - HEALTHS.indexOf(b.health),
  )
