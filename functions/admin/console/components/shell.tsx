import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { access } from '../api/access.ts'
import { leave, refreshFault } from '../api/collection.ts'
import { dismiss, notices } from '../api/notices.ts'
import { route } from '../api/router.ts'

const PLACES = [
  { view: 'overview', href: '#/', title: 'Overview' },
  { view: 'collection', href: '#/collection', title: 'Collection' },
  { view: 'events', href: '#/events', title: 'Health events' },
] as const

function Navigation() {
  const { view } = route.value
  const current = view === 'overview' || view === 'events' ? view : 'collection'
  return (
    <nav aria-label="Main">
      {PLACES.map(place => (
        <a key={place.view} href={place.href} aria-current={place.view === current ? 'page' : undefined}>
          {place.title}
        </a>
      ))}
    </nav>
  )
}

function Notices() {
  return (
    <div class="notices" role="status">
      {notices.value.map(({ id, kind, text }) => (
        <p key={id} class={`notice notice-${kind}`}>
          <span>{text}</span>
          <button type="button" class="plain" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </button>
        </p>
      ))}
    </div>
  )
}

/** The frame of every view. */
export function Shell({ children }: { readonly children: ComponentChildren }) {
  return (
    <>
      <header class="top">
        <div class="top-inner">
          <a class="brand" href="#/">
            <svg viewBox="0 0 32 32" aria-hidden="true">
              <circle cx="16" cy="16" r="14" />
              <path d="M10 17l4 4 8-10" />
            </svg>
            <span>1Password Source</span>
          </a>
          <Navigation />
          <a class="button add" href="#/add">
            Add source
          </a>
          {access.value && (
            <button type="button" class="plain sign-out" onClick={leave}>
              Sign out
            </button>
          )}
        </div>
      </header>
      <main>
        {refreshFault.value !== undefined && (
          <p class="banner" role="alert">
            {refreshFault.value} What is shown may be older.
          </p>
        )}
        {children}
      </main>
      <Notices />
    </>
  )
}

/** The heading of a view, which is also the title of the tab. */
export function Heading({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ComponentChildren
}) {
  useEffect(() => {
    document.title = `${title} · 1Password Source`
  }, [title])
  return (
    <div class="heading">
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </div>
  )
}
