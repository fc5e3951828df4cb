import type { SourceAnswer } from '../api/source-calls.ts'
import { apiTitle } from '../model/format.ts'
import { LocalTime } from './time.tsx'

/** The settings of a source. */
export function SourceSettings({ settings: { id, config } }: { readonly settings: SourceAnswer['source'] }) {
  const fields = Object.entries(config.fields)
  return (
    <section class="card" aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      <dl class="facts">
        <dt>Id</dt>
        <dd>{id}</dd>
        <dt>Description</dt>
        <dd>{config.description ?? <span class="none">–</span>}</dd>
        <dt>Source category</dt>
        <dd>{config.category ?? <span class="quiet">that of the collector</span>}</dd>
        <dt>Base URL</dt>
        <dd>{config.base_url}</dd>
        <dt>APIs</dt>
        <dd>{config.supported_apis.map(apiTitle).join(', ')}</dd>
        <dt>First window</dt>
        <dd>
          <LocalTime at={config.start_time} />
        </dd>
        <dt>Fields</dt>
        <dd>
          {fields.length === 0 ? (
            <span class="none">–</span>
          ) : (
            fields.map(([name, value]) => (
              <code key={name} class="field">
                {name} = {String(value)}
              </code>
            ))
          )}
        </dd>
        <dt>Processing rules</dt>
        <dd>
          {config.filters?.map(({ name, filterType }) => `${name} (${filterType})`).join(', ') ?? (
            <span class="none">–</span>
          )}
        </dd>
      </dl>
    </section>
  )
}
