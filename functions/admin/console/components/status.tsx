import { useId, useState } from 'preact/hooks'
import type { CollectedSource } from '../model/collected.ts'
import { apiTitle } from '../model/format.ts'
import { findFindings, HEALTH_TITLES, type Health, sourceHealth } from '../model/health.ts'
import { HealthIcon } from './icon.tsx'
import { Ago } from './time.tsx'

export function HealthBadge({ health }: { readonly health: Health }) {
  return (
    <span class={`badge badge-${health}`}>
      <HealthIcon health={health} />
      {HEALTH_TITLES[health]}
    </span>
  )
}

/** What is wrong, since when and what to do, with the code of the error. */
export function Findings({ source }: { readonly source: CollectedSource }) {
  return (
    <ul class="findings">
      {findFindings(source).map(({ apis, title, since, info, advice, type, code, health }) => (
        <li key={`${title} ${apis.join()} ${info}`}>
          <HealthIcon health={health} />
          <div>
            <p class="finding-title">
              <strong>{title}</strong>
              {type !== undefined && (
                <code>
                  {type}
                  {code ? ` ${code}` : ''}
                </code>
              )}
              <span class="quiet">
                {apis.map(apiTitle).join(', ')} · <Ago at={since} suffix="" />
              </span>
            </p>
            <p class="finding-info">{info}</p>
            {advice !== undefined && <p>{advice}</p>}
          </div>
        </li>
      ))}
    </ul>
  )
}

/** The health of a source. When it is hovered or focused, it says what is wrong; it leads to the health events. */
export function Status({ source }: { readonly source: CollectedSource }) {
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const health = sourceHealth(source)
  const isWrong = findFindings(source).length > 0
  const open = () => setOpen(isWrong)
  const close = () => setOpen(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the link in it can be focused and does the same
    <span
      class="status"
      onMouseEnter={open}
      onMouseLeave={close}
      onKeyDown={event => event.key === 'Escape' && close()}
    >
      <a
        href={`#/events?source=${source.id}`}
        onFocus={open}
        onBlur={close}
        aria-describedby={isOpen ? id : undefined}
        aria-label={`${HEALTH_TITLES[health]}: health events of ${source.name}`}
      >
        <HealthBadge health={health} />
      </a>
      {isOpen && (
        <div class="tip" role="tooltip" id={id}>
          <Findings source={source} />
        </div>
      )}
    </span>
  )
}
