import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface Given {
  readonly title: string
  readonly value: string
  readonly change: (value: string) => void
  readonly fault?: string | undefined
  readonly hint?: ComponentChildren
  readonly type?: 'text' | 'password' | 'date'
  readonly isRequired?: boolean
  readonly list?: string
  readonly min?: string
  readonly max?: string
}

/** A text of a form, with its hint and its fault below it. */
export function Field({ title, value, change, fault, hint, type = 'text', isRequired, ...input }: Given) {
  const id = useId()
  // The types of Preact know no input that is of one of several types.
  const attributes: object = { ...input, type }
  const named = [hint !== undefined && `${id}-hint`, fault !== undefined && `${id}-fault`].filter(Boolean)
  return (
    <div>
      <label>
        <span class="label">{title}</span>
        <input
          {...attributes}
          value={value}
          required={isRequired}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={fault !== undefined}
          aria-describedby={named.join(' ') || undefined}
          onInput={event => change(event.currentTarget.value)}
        />
      </label>
      {hint !== undefined && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {fault !== undefined && (
        <p class="fault-text" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </div>
  )
}
