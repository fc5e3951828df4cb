import type { CollectedCollector, CollectedSource } from '../model/collected.ts'
import type { Config } from '../model/draft.ts'
import { restartResult } from '../model/restart.ts'
import { listRows } from '../model/rows.ts'
import { type RuleEffect, sumRuleEffects } from '../model/rule-effects.ts'
import { call, Refused } from './call.ts'
import { collection, refresh } from './collection.ts'
import { tell } from './notices.ts'

/** A source with the path of its calls. */
export interface Place {
  readonly collector: CollectedCollector
  readonly source: CollectedSource
}

export const toPath = ({ collector, source }: Place): string =>
  `/collectors/${collector.id}/sources/${source.id}`

const findSource = (id: number): CollectedSource | undefined =>
  collection.value && listRows(collection.value).find(({ source }) => source.id === id)?.source

/** The words for a call that failed. */
export const describeFailure = (error: unknown): string =>
  error instanceof Refused ? error.message : 'The server cannot be reached.'

const WATCH_MS = 3000
const WATCH_TIMES = 40

/** Follows a restart for two minutes, and says what has become of it. */
async function watchRestart(before: CollectedSource): Promise<void> {
  for (let time = 0; time < WATCH_TIMES; time += 1) {
    await new Promise(resolve => setTimeout(resolve, WATCH_MS))
    await refresh()
    const now = findSource(before.id)
    if (!now) return
    const result = restartResult(before, now)
    if (result === undefined) continue
    tell(now.state.state === 'Error' ? 'fault' : 'done', result)
    return
  }
}

export async function restart(place: Place): Promise<void> {
  await call(`${toPath(place)}/action/restart`, { method: 'POST' })
  tell('done', `The restart of ${place.source.name} was requested.`)
  void watchRestart(place.source)
  await refresh()
}

export async function remove(place: Place): Promise<void> {
  await call(toPath(place), { method: 'DELETE' })
  tell('done', `${place.source.name} is being deleted. Its events stay in the lake.`)
  await refresh()
}

/** What `GET …/sources/{id}` returns, as far as the page shows it. */
export interface SourceAnswer {
  readonly source: {
    readonly id: number
    readonly config: Omit<Config, 'start_time' | 'filters'> & {
      readonly start_time: string
      readonly filters?: readonly { readonly name: string; readonly filterType: string }[]
    }
  }
}

export const readSource = async (place: Place): Promise<SourceAnswer['source'] | undefined> =>
  (await call<SourceAnswer>(toPath(place))).body?.source

/** Replaces the token and leaves all else as it is, also if somebody changes the source meanwhile: then it is refused. */
export async function rotateToken(place: Place, token: string): Promise<void> {
  const { body, etag } = await call<SourceAnswer>(toPath(place))
  if (!body || etag === undefined) throw new TypeError('The source cannot be read.')
  const source = { ...body.source, config: { ...body.source.config, api_token: token } }
  await call(toPath(place), { method: 'PUT', body: { source }, headers: { 'if-match': etag } })
  tell('done', `${place.source.name} has the new token, and begins to collect with it.`)
  void watchRestart(place.source)
  await refresh()
}

/** What each rule has done with the events of all APIs since it is in force. */
export async function readRuleEffects(place: Place): Promise<readonly RuleEffect[]> {
  const { body } = await call<{ readonly tasks: readonly { readonly filters?: readonly RuleEffect[] }[] }>(
    `${toPath(place)}/tasks`,
  )
  return sumRuleEffects(body?.tasks.flatMap(({ filters = [] }) => filters) ?? [])
}
