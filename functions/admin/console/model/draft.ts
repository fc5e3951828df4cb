import { API_NAMES } from '../../../../shared/contract/apis.ts'
import { EVENTS_API_HOSTS } from '../../../../shared/contract/hosts.ts'
import { findEventsHost } from '../../../../shared/domain/source/base-url.ts'

/** The field that forwards events to Cloud SIEM. The form has it as a check box. */
const FORWARD = '_siemForward'

/** What stands in the form of a source. */
export interface Draft {
  readonly name: string
  readonly description: string
  readonly category: string
  readonly isForwarded: boolean
  readonly fields: readonly { readonly name: string; readonly value: string }[]
  readonly baseUrl: string
  readonly token: string
  readonly apis: readonly string[]
  /** e.g. 2026-11-29; empty for the default. */
  readonly startDate: string
}

/** The settings of a source as the API takes and shows them. */
export interface Config {
  readonly name: string
  readonly description?: string
  readonly category?: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly base_url: string
  readonly supported_apis: readonly string[]
  readonly start_time?: string
  readonly filters?: readonly unknown[]
}

export const NEW_DRAFT: Draft = {
  ...{ name: '', description: '', category: '', isForwarded: false, fields: [] },
  ...{ baseUrl: EVENTS_API_HOSTS[0] ?? '', token: '', apis: API_NAMES, startDate: '' },
}

/** The form of a source that there is. Its token is not known, and its first window is not changed. */
export const toDraft = ({ name, description = '', category = '', fields, ...config }: Config): Draft => ({
  ...{ name, description, category, token: '', startDate: '' },
  isForwarded: String(fields[FORWARD]) === 'true',
  fields: Object.entries(fields)
    .filter(([field]) => field !== FORWARD)
    .map(([field, value]) => ({ name: field, value: String(value) })),
  ...{ baseUrl: config.base_url, apis: config.supported_apis },
})

const toFields = ({ fields, isForwarded }: Draft): Config['fields'] => ({
  ...Object.fromEntries(
    fields.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value.trim()]),
  ),
  ...(isForwarded && { [FORWARD]: true }),
})

/** What is sent. `kept` has what the form does not show, such as processing rules. An empty token keeps the stored one. */
export function toConfig(draft: Draft, kept: Partial<Config> = {}): Config & { readonly api_token?: string } {
  const { description: _, category: __, start_time: ___, ...rest } = kept
  const [description, category, token] = [draft.description.trim(), draft.category.trim(), draft.token.trim()]
  return {
    ...rest,
    ...{ name: draft.name.trim(), base_url: draft.baseUrl.trim(), supported_apis: draft.apis },
    fields: toFields(draft),
    ...(description !== '' && { description }),
    ...(category !== '' && { category }),
    ...(token !== '' && { api_token: token }),
    ...(draft.startDate !== '' && { start_time: `${draft.startDate}T00:00:00Z` }),
  }
}

/** The host that somebody meant who typed another address of 1Password. Undefined if nothing is to be mended. */
export function suggestHost(typed: string): string | undefined {
  const host = findEventsHost(typed.trim())
  return host === typed.trim() ? undefined : host
}

/** The first day that may be chosen, `days` back. That day has begun earlier in UTC, so one day less is allowed. */
export const earliestDate = (nowMs: number, days: number): string =>
  new Date(nowMs - (days - 1) * 86_400_000).toISOString().slice(0, 10)

/** Faults whose field is none of those that the form shows. */
export const findUnplaced = (
  faults: ReadonlyMap<string, string>,
  shown: readonly string[],
): readonly string[] =>
  [...faults]
    .filter(([field]) => !shown.some(each => field === each || field.startsWith(`${each}.`)))
    .map(([, text]) => text)
