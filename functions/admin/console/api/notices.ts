import { signal } from '@preact/signals'

export interface Notice {
  readonly id: number
  readonly kind: 'done' | 'fault'
  readonly text: string
}

/** What has become of what the user asked for, the newest last. */
export const notices = signal<readonly Notice[]>([])

let last = 0

export const dismiss = (id: number): void => {
  notices.value = notices.value.filter(notice => notice.id !== id)
}

/** Good news go by themselves. A fault stays until it is dismissed. */
export function tell(kind: Notice['kind'], text: string): void {
  last += 1
  const id = last
  notices.value = [...notices.value.slice(-3), { id, kind, text }]
  if (kind === 'done') setTimeout(() => dismiss(id), 12_000)
}
