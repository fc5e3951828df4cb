import { API_NAMES } from '../../../../shared/contract/apis.ts'
import { EVENTS_API_HOSTS } from '../../../../shared/contract/hosts.ts'
import { RETENTION_DAYS } from '../../../../shared/contract/limits.ts'
import { nowRoughlyMs } from '../api/clock.ts'
import { type Draft, earliestDate, suggestHost } from '../model/draft.ts'
import { apiTitle } from '../model/format.ts'
import { Field } from './field.tsx'
import { MetadataFields } from './metadata-fields.tsx'

export interface Part {
  readonly draft: Draft
  readonly faults: ReadonlyMap<string, string>
  readonly change: (given: Partial<Draft>) => void
}

/** Name, description, category and fields. */
export function GeneralFields({ draft, faults, change }: Part) {
  const fieldFaults = [...faults]
    .filter(([field]) => field.startsWith('config.fields'))
    .map(([, text]) => text)
  return (
    <>
      <fieldset>
        <legend>Source</legend>
        <Field
          title="Name"
          isRequired
          value={draft.name}
          change={name => change({ name })}
          fault={faults.get('config.name')}
        />
        <div class="pair">
          <Field
            title="Description (optional)"
            value={draft.description}
            change={description => change({ description })}
            fault={faults.get('config.description')}
          />
          <Field
            title="Source category (optional)"
            value={draft.category}
            change={category => change({ category })}
            fault={faults.get('config.category')}
            hint="Without one, that of the collector."
          />
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={draft.isForwarded}
            onChange={event => change({ isForwarded: event.currentTarget.checked })}
          />
          Forward to SIEM
        </label>
      </fieldset>
      <fieldset>
        <legend>Fields</legend>
        <p class="hint">
          Each event carries them. A field that the schema lacks is added to it when you save.
        </p>
        <MetadataFields
          fields={draft.fields}
          change={fields => change({ fields })}
          fault={fieldFaults.length === 0 ? undefined : fieldFaults.join(' ')}
        />
      </fieldset>
    </>
  )
}

function BaseUrl({ draft, faults, change }: Part) {
  const suggested = suggestHost(draft.baseUrl)
  const hint =
    suggested === undefined ? (
      'The host of the Events API for the place where your account signs in.'
    ) : (
      <>
        Your account reads events from {suggested}.{' '}
        <button type="button" onClick={() => change({ baseUrl: suggested })}>
          Use {suggested}
        </button>
      </>
    )
  return (
    <>
      <Field
        title="Base URL"
        isRequired
        list="events-hosts"
        value={draft.baseUrl}
        change={baseUrl => change({ baseUrl })}
        fault={faults.get('config.base_url')}
        hint={hint}
      />
      <datalist id="events-hosts">
        {EVENTS_API_HOSTS.map(host => (
          <option key={host} value={host} />
        ))}
      </datalist>
    </>
  )
}

function Apis({ draft: { apis }, faults, change }: Part) {
  const fault = faults.get('config.supported_apis')
  const toggle = (api: string, isOn: boolean) =>
    change({ apis: API_NAMES.filter(each => (each === api ? isOn : apis.includes(each))) })
  return (
    <fieldset class="group">
      <legend>APIs</legend>
      <div class="checks">
        {API_NAMES.map(api => (
          <label key={api} class="check">
            <input
              type="checkbox"
              checked={apis.includes(api)}
              onChange={event => toggle(api, event.currentTarget.checked)}
            />
            {apiTitle(api)}
          </label>
        ))}
      </div>
      {fault !== undefined && <p class="fault-text">{fault}</p>}
    </fieldset>
  )
}

/** Where events come from, with what token, and since when. */
export function ConnectionFields({ isNew, ...part }: Part & { readonly isNew: boolean }) {
  const { draft, faults, change } = part
  const nowMs = nowRoughlyMs.value
  return (
    <fieldset>
      <legend>Connection</legend>
      <BaseUrl {...part} />
      <Field
        title="API token"
        type="password"
        isRequired={isNew}
        value={draft.token}
        change={token => change({ token })}
        fault={faults.get('config.api_token')}
        hint={
          isNew
            ? 'It is stored in Secrets Manager, and never shown again.'
            : 'Leave it empty to keep the token.'
        }
      />
      <Apis {...part} />
      <Field
        title="First window begins, in UTC (optional)"
        type="date"
        min={earliestDate(nowMs, RETENTION_DAYS)}
        max={new Date(nowMs).toISOString().slice(0, 10)}
        value={draft.startDate}
        change={startDate => change({ startDate })}
        fault={faults.get('config.start_time')}
        hint={
          isNew
            ? `At most ${RETENTION_DAYS} days back. Without a day, 24 hours back.`
            : 'It counts only for APIs that have not begun to collect.'
        }
      />
    </fieldset>
  )
}
