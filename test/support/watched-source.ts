import type { Account } from '../../infra/local/account/account.ts'
import { APIS, type Api } from '../../shared/contract/apis.ts'
import { type LocalSystem, lakeLines, type RegisteredIds, toReceivedEvent } from './local-system.ts'

/** One API of a source, as `GET …/tasks` shows it. */
export interface ShownTask {
  readonly api: Api
  readonly state: string
  readonly since: string
  readonly error?: { readonly type: string; readonly code: number; readonly info: string }
  readonly advice?: string
  readonly retry?: {
    readonly since: string
    readonly attempts: number
    readonly nextRetry?: string
    readonly deadline: string
    readonly gaveUp?: string
  }
}

interface ShownHealth {
  readonly data: readonly {
    readonly status: string
    readonly eventTime: string
    readonly details: { readonly trackerId: string; readonly error: string; readonly description: string }
  }[]
}

/** Reads what one source shows and has delivered. */
export function watchedSource(system: LocalSystem, ids: RegisteredIds, account: Account, startTime: string) {
  const path = `collectors/${ids.collectorId}/sources/${ids.sourceId}`
  /** Lets 250 ms pass before each call, because the admin URL accepts four calls a second. */
  const call = <T>(method: string, callPath: string): Promise<T> => {
    system.clock.advance(250)
    return system.call<T>(method, callPath)
  }
  const tasks = async (): Promise<readonly ShownTask[]> =>
    (await call<{ readonly tasks: readonly ShownTask[] }>('GET', `${path}/tasks`)).tasks

  return {
    ...ids,
    account,
    async task(api: Api): Promise<ShownTask> {
      const found = (await tasks()).find(task => task.api === api)
      if (!found) throw new Error(`there is no task for ${api}`)
      return found
    },
    /** Returns the health events of an API, the oldest first. */
    async health(api: Api) {
      const { data } = await call<ShownHealth>('GET', `${path}/healthEvents?limit=100`)
      return data.filter(({ details }) => details.trackerId.endsWith(`/${api}`)).toReversed()
    },
    restart: () => call('POST', `${path}/action/restart`),
    delivered: (api: Api): string[] => lakeLines(system.dataDir, api, ids.sourceId).map(toReceivedEvent),
    generated: (api: Api): string[] => [...account.events(APIS[api].feature, startTime)],
  }
}

export type WatchedSource = ReturnType<typeof watchedSource>
