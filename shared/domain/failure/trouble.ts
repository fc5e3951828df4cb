import type { NetworkFact } from './network-failure.ts'
import type { OwnFact } from './own-trouble.ts'

/** What went wrong, as facts. What it means is for `classify` to say. `doing` completes the sentence "while …". */
export type Trouble =
  /** 1Password answered with something other than a 200. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** A 200 that is not what it should be. */
  | {
      readonly kind: 'malformed'
      readonly wanted: 'a page of events' | 'an introspection'
      readonly why: string
    }
  /** 400 to the reset cursor that begins a chain. */
  | { readonly kind: 'start-refused'; readonly body: string; readonly startTime: string }
  /** 400 to a cursor that followed from a reset cursor of the same run. */
  | { readonly kind: 'cursor-refused'; readonly answer: string }
  | { readonly kind: 'network'; readonly fact: NetworkFact; readonly doing: string }
  | { readonly kind: 'host-not-allowed'; readonly baseUrl: string; readonly allowed: readonly string[] }
  | {
      readonly kind: 'feature-missing'
      readonly feature: string
      readonly title: string
      readonly has: readonly string[]
    }
  | { readonly kind: 'secret-gone' }
  /** The secret's value cannot be a token. */
  | { readonly kind: 'secret-unusable' }
  /** AWS, or anything unforeseen. */
  | { readonly kind: 'own'; readonly fact: OwnFact; readonly doing: string }
  /** What we have stored contradicts itself. */
  | { readonly kind: 'damaged'; readonly what: string }
  /** A run that ended without a word, as Lambda tells of it. */
  | { readonly kind: 'dead-run'; readonly errorType?: string; readonly errorMessage?: string }

export type TroubleOf<Kind extends Trouble['kind']> = Extract<Trouble, { readonly kind: Kind }>
