import type { SourceAnswer } from '../api/source-calls.ts'
import { apiTitle, formatCount } from '../model/format.ts'
import type { RuleEffect } from '../model/rule-effects.ts'
import { LocalTime } from './time.tsx'

interface Given {
  readonly settings: SourceAnswer['source']
  readonly effects: readonly RuleEffect[]
}

function Rules({
  config: { filters = [] },
  effects,
}: Pick<Given, 'effects'> & Pick<Given['settings'], 'config'>) {
  if (filters.length === 0) return <span class="none">–</span>
  return (
    <ul>
      {filters.map(({ name, filterType }) => {
        const { dropped, changed } = effects.find(effect => effect.name === name) ?? {}
        return (
          <li key={name}>
            {name} <code>{filterType}</code>{' '}
            <span class="quiet">
              {dropped !== undefined && `${formatCount(dropped)} events dropped`}
              {changed !== undefined && `${formatCount(changed)} events changed`}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

/** The settings of a source. */
export function SourceSettings({ settings: { id, config }, effects }: Given) {
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
          <Rules config={config} effects={effects} />
        </dd>
      </dl>
    </section>
  )
}
