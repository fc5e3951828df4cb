import type { Health } from '../model/health.ts'

/** Each health has a shape of its own, so that nobody needs the colour. */
const SHAPES: Readonly<Record<Health, string>> = {
  failed: 'M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM8 4.6v4M8 11.1v.2',
  retrying: 'M13.4 6.2A5.8 5.8 0 0 0 2.6 6M2.3 2.6v3.6h3.6M2.6 9.8A5.8 5.8 0 0 0 13.4 10M13.7 13.4V9.8h-3.6',
  silent: 'M8 2v.1M12.2 3.8v.1M14 8v.1M12.2 12.2v.1M8 14v.1M3.8 12.2v.1M2 8v.1M3.8 3.8v.1M5.6 8h4.8',
  warning: 'M8 2 14.6 13.6H1.4zM8 6.4v3.2M8 11.6v.1',
  starting: 'M8 2a6 6 0 0 1 6 6M8 14a6 6 0 0 1-6-6',
  stopping: 'M2.5 2.5h11v11h-11z',
  healthy: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM5.2 8.2l2 2 3.7-4.3',
}

export function HealthIcon({ health }: { readonly health: Health }) {
  return (
    <svg class={`icon health-${health}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[health]} />
    </svg>
  )
}
