/** What a person must hear of that no function's log tells. */
export type Notice =
  | {
      readonly kind: 'function error'
      readonly functionName: string
      readonly requestId: string
      readonly text: string
    }
  | { readonly kind: 'dead letter'; readonly queue: string; readonly reason: string }
  /** An event that neither its target nor a dead-letter queue took. */
  | { readonly kind: 'lost event'; readonly from: string; readonly reason: string }
  /** A log line whose metrics CloudWatch would drop. */
  | { readonly kind: 'invalid metrics'; readonly functionName: string; readonly reason: string }

export type OnNotice = (notice: Notice) => void
