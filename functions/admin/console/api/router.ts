import { signal } from '@preact/signals'
import { parseRoute } from '../model/route.ts'

/** Where the user is. */
export const route = signal(parseRoute(location.hash))

/** A keyboard goes on from the heading of the new view, and a screen reader reads it. */
function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>('h1')
  heading?.focus({ preventScroll: true })
  scrollTo(0, 0)
}

export function followAddress(): void {
  addEventListener('hashchange', () => {
    route.value = parseRoute(location.hash)
    requestAnimationFrame(focusHeading)
  })
}
