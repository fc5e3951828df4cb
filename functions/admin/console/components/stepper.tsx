import type { CollectedApi } from '../model/collected.ts'
import { toSteps } from '../model/steps.ts'
import { LocalTime } from './time.tsx'

/** The steps from Pending to Collecting, with when each was reached. */
export function Stepper({ api }: { readonly api: CollectedApi }) {
  return (
    <ol class="stepper">
      {toSteps(api).map(({ name, at, mark }) => (
        <li key={name} class={`step step-${mark}`} aria-current={mark === 'current' ? 'step' : undefined}>
          <span class="step-name">{name}</span>
          {at !== undefined && (
            <span class="step-time">
              <LocalTime at={at} />
            </span>
          )}
        </li>
      ))}
    </ol>
  )
}
