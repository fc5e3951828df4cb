/** What `GET /api/v1/collection` returns, as far as the page shows it. All times are RFC 3339. */
export interface CollectedApi {
  readonly api: string
  readonly state: string
  readonly since?: string
  readonly reached: Readonly<Record<string, string>>
  readonly error?: {
    readonly type: string
    readonly code: number
    readonly info: string
    readonly at: string
  }
  readonly advice?: string
  readonly retry?: {
    readonly since: string
    readonly attempts: number
    readonly nextRetry?: string
    readonly gaveUp?: string
    readonly deadline: string
  }
  readonly warnings: readonly {
    readonly kind: string
    readonly since: string
    readonly title: string
    readonly description: string
  }[]
  readonly noWordSince?: string
  readonly tokenExpires?: string
  readonly lastSuccess?: string
  readonly lastEventTime?: string
  readonly lagSince?: string
  readonly cursorSince?: string
  readonly pages: number
  readonly events: number
  readonly lateEvents: number
  readonly unreadable?: number
  readonly eventsByHour: readonly number[]
  readonly lease?: { readonly since?: string; readonly until: string }
}

export interface CollectedSource {
  readonly id: number
  readonly name: string
  readonly category?: string
  readonly state: {
    readonly state: string
    readonly errorType?: string
    readonly errorCode?: number
    readonly errorInfo?: string
  }
  readonly openHealthEvents: number
  readonly apis: readonly CollectedApi[]
}

export interface CollectedCollector {
  readonly id: number
  readonly name: string
  readonly category?: string
  readonly sources: readonly CollectedSource[]
}

export interface Collection {
  readonly hoursSince: string
  readonly collectors: readonly CollectedCollector[]
}

/** A collector whose sources are in two parts of the list is in both. */
export function joinParts(parts: readonly Collection[]): Collection {
  const collectors = new Map<number, CollectedCollector>()
  for (const each of parts.flatMap(part => part.collectors)) {
    const before = collectors.get(each.id)?.sources ?? []
    collectors.set(each.id, { ...each, sources: [...before, ...each.sources] })
  }
  return { hoursSince: parts[0]?.hoursSince ?? '', collectors: [...collectors.values()] }
}
