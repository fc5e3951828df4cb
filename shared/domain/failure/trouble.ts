import type { DestinationKind } from '../../contract/destinations.ts'
import type { DestinationFact } from '../destination/destination-failure.ts'
import type { NetworkFact } from './network-failure.ts'
import type { OwnFact } from './own-trouble.ts'

/** The facts of what went wrong. `classify` says what they mean. `doing` completes the sentence "while …". */
export type Trouble =
  /** 1Password answered with something other than a 200. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /**
   * 1Password refused a token, and introspection with the same token does not confirm that: it takes the token (`taken`), or
   * it gave the answer that is shown.
   */
  | {
      readonly kind: 'unconfirmed'
      readonly status: number
      readonly body: string
      readonly introspection: 'taken' | 'unclear'
    }
  /** 1Password answered with a 200 whose body is not what it should be. */
  | {
      readonly kind: 'malformed'
      readonly wanted: 'a page of events' | 'an introspection'
      readonly why: string
    }
  /** 1Password answered 400 to the reset cursor that begins a chain. */
  | { readonly kind: 'start-refused'; readonly body: string; readonly startTime: string }
  /** 1Password answered 400 to a cursor, or to the start of a chain, and no other run has had that answer before. */
  | { readonly kind: 'refused-once'; readonly answer: string }
  /** 1Password answers 400 to the start of a chain, run after run, and takes a later start. */
  | { readonly kind: 'only-start-refused'; readonly answer: string; readonly startTime: string }
  /** 1Password answered with events and a cursor that leads back: the one asked with, or one that was followed before. */
  | { readonly kind: 'cursor-repeated'; readonly when: 'asked' | 'before' }
  /** 1Password answered request after request with another cursor and without an event. */
  | { readonly kind: 'no-events'; readonly requests: number }
  | { readonly kind: 'network'; readonly fact: NetworkFact; readonly doing: string }
  | { readonly kind: 'host-not-allowed'; readonly baseUrl: string; readonly allowed: readonly string[] }
  | {
      readonly kind: 'feature-missing'
      readonly feature: string
      readonly title: string
      readonly has: readonly string[]
    }
  /** A processing rule of the source can no longer be compiled. */
  | { readonly kind: 'rule-unusable'; readonly rule: string; readonly why: string }
  /** The processing rules of the source take too long. `rule`: the one that took most of the time. */
  | { readonly kind: 'rules-slow'; readonly rule: string; readonly seconds: number }
  | { readonly kind: 'secret-gone' }
  /** The value of the secret cannot be a token. */
  | { readonly kind: 'secret-unusable' }
  /** A call to AWS failed, or something unforeseen happened. */
  | { readonly kind: 'own'; readonly fact: OwnFact; readonly doing: string }
  /** An object whose events must be known cannot be read, or not in time. */
  | { readonly kind: 'overlap-unknown'; readonly key: string; readonly why: string }
  /** The destination of a collector has not taken events. */
  | {
      readonly kind: 'destination'
      readonly type: DestinationKind
      readonly collectorName: string
      readonly fact: DestinationFact
    }
  /** What is stored contradicts itself. */
  | { readonly kind: 'damaged'; readonly what: string }
  /** A run died, and Lambda or Step Functions reported that. */
  | { readonly kind: 'dead-run'; readonly errorType?: string; readonly errorMessage?: string }

export type TroubleOf<Kind extends Trouble['kind']> = Extract<Trouble, { readonly kind: Kind }>
