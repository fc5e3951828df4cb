import { useState } from 'preact/hooks'
import { collection, refresh } from '../api/collection.ts'
import { createCollector, createSource, testConnection } from '../api/form-calls.ts'
import { tell } from '../api/notices.ts'
import { describeFailure } from '../api/source-calls.ts'
import { Field } from '../components/field.tsx'
import { Heading } from '../components/shell.tsx'
import { SourceForm } from '../components/source-form.tsx'
import type { CollectedCollector } from '../model/collected.ts'
import { type Draft, NEW_DRAFT, toConfig } from '../model/draft.ts'

function NewCollector({ choose }: { readonly choose: (id: number) => void }) {
  const [name, setName] = useState('')
  const [fault, setFault] = useState<string>()

  async function create(): Promise<void> {
    try {
      const id = await createCollector(name.trim())
      await refresh()
      if (id !== undefined) choose(id)
    } catch (error) {
      setFault(describeFailure(error))
    }
  }

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    void create()
  }

  return (
    <form class="form" onSubmit={submit}>
      <fieldset>
        <legend>New collector</legend>
        <Field
          title="Name of the collector"
          isRequired
          value={name}
          change={setName}
          fault={fault}
          hint="It groups sources, for instance those of one team."
        />
        <div>
          <button type="submit" class="primary">
            Create collector
          </button>
        </div>
      </fieldset>
    </form>
  )
}

function Choice({
  collectors,
  chosen,
  choose,
}: {
  readonly collectors: readonly CollectedCollector[]
  readonly chosen: number | undefined
  readonly choose: (id: number | undefined) => void
}) {
  return (
    <div class="filters">
      <label>
        <span class="label">Collector</span>
        <select
          value={chosen ?? ''}
          onChange={event => choose(Number(event.currentTarget.value) || undefined)}
        >
          {collectors.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value="">New collector …</option>
        </select>
      </label>
    </div>
  )
}

function Loaded({ collectors }: { readonly collectors: readonly CollectedCollector[] }) {
  const [chosen, choose] = useState(collectors[0]?.id)

  async function save(draft: Draft): Promise<void> {
    if (chosen === undefined) return
    const id = await createSource(chosen, toConfig(draft))
    tell('done', `${draft.name.trim()} was added, and begins to collect.`)
    await refresh()
    location.hash = `#/sources/${id}`
  }

  return (
    <>
      {collectors.length > 0 && <Choice collectors={collectors} chosen={chosen} choose={choose} />}
      {chosen === undefined ? (
        <NewCollector choose={choose} />
      ) : (
        <SourceForm
          initial={NEW_DRAFT}
          action="Add source"
          isNew
          save={save}
          test={draft => testConnection(chosen, toConfig(draft))}
        />
      )}
    </>
  )
}

/** Registers a source. */
export function AddSource() {
  const shown = collection.value
  return (
    <>
      <Heading title="Add source" />
      {shown ? <Loaded collectors={shown.collectors} /> : <p class="quiet">Reading …</p>}
    </>
  )
}
