import type { CollectedSource } from './collected.ts'

/** What has become of a restart that was asked for when the collection was `before`. Undefined while it is under way. */
export function restartResult(before: CollectedSource, now: CollectedSource): string | undefined {
  const isNew = (api: CollectedSource['apis'][number], at: number): boolean => {
    const old = before.apis[at]
    return (
      api.since !== old?.since || api.lastSuccess !== old?.lastSuccess || api.error?.at !== old?.error?.at
    )
  }
  const failed = now.apis.find((api, at) => api.state === 'Error' && isNew(api, at))
  if (failed) return `${now.name} was restarted, and has an error again: ${failed.error?.info ?? ''}`
  const isDone = now.apis.every((api, at) => api.state === 'Collecting' && isNew(api, at))
  return isDone ? `${now.name} was restarted and is collecting.` : undefined
}
