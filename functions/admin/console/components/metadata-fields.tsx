import { useEffect, useState } from 'preact/hooks'
import { readEnabledFields } from '../api/form-calls.ts'
import type { Draft } from '../model/draft.ts'
import { HealthIcon } from './icon.tsx'

type Fields = Draft['fields']

interface Given {
  readonly fields: Fields
  readonly change: (fields: Fields) => void
  readonly fault: string | undefined
}

/** Undefined until they are known, or if they cannot be read. */
function useEnabled(): ReadonlySet<string> | undefined {
  const [enabled, setEnabled] = useState<ReadonlySet<string>>()
  useEffect(() => {
    readEnabledFields().then(setEnabled, () => undefined)
  }, [])
  return enabled
}

function Mark({
  name,
  enabled,
}: {
  readonly name: string
  readonly enabled: ReadonlySet<string> | undefined
}) {
  if (!enabled || name.trim() === '') return <span />
  const isThere = enabled.has(name.trim().toLowerCase())
  const title = isThere ? 'The field exists and is enabled' : 'The field is not in the schema, or is disabled'
  return (
    <span title={title}>
      <HealthIcon health={isThere ? 'healthy' : 'warning'} />
      <span class="hidden">{title}</span>
    </span>
  )
}

/** The fields that a source adds to its events. A mark says whether they are in the schema. */
export function MetadataFields({ fields, change, fault }: Given) {
  const enabled = useEnabled()
  const replace = (at: number, given: Partial<Fields[number]>) =>
    change(fields.map((field, index) => (index === at ? { ...field, ...given } : field)))
  return (
    <>
      {fields.map(({ name, value }, at) => (
        <div class="field-line" key={at}>
          <input
            aria-label="Field name"
            placeholder="Name"
            value={name}
            onInput={event => replace(at, { name: event.currentTarget.value })}
          />
          <input
            aria-label="Field value"
            placeholder="Value"
            value={value}
            onInput={event => replace(at, { value: event.currentTarget.value })}
          />
          <Mark name={name} enabled={enabled} />
          <button
            type="button"
            aria-label={`Remove field ${name}`}
            onClick={() => change(fields.filter((_, index) => index !== at))}
          >
            ×
          </button>
        </div>
      ))}
      {fault !== undefined && <p class="fault-text">{fault}</p>}
      <div>
        <button type="button" onClick={() => change([...fields, { name: '', value: '' }])}>
          + Add field
        </button>
      </div>
    </>
  )
}
