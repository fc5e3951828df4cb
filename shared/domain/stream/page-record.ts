/** What a lake object says of itself: the write-ahead log's entry and the ledger's link. */
export interface PageRecord {
  readonly chain: number
  /** Digest of the place that the page was asked at. */
  readonly asked: string
  /** Digest of the place that followed from the previous object: differs from `asked` where empty pages moved the cursor. */
  readonly link: string
  readonly previousKey?: string
  readonly nextCursor: string
  readonly count: number
  /** Of these, how many are older than the newest event of all earlier objects. */
  readonly lateCount: number
  /** Smallest and largest timestamp of the items, as received. */
  readonly firstTimestamp?: string
  readonly lastTimestamp?: string
  /** Largest timestamp of this and all earlier objects: never falls along the ledger. */
  readonly newest?: string
}
