import type { Codes } from './codes.ts'
import type { EventClass } from './event-class.ts'
import type { Member, Part } from './rows.ts'

/** An enumeration of the event itself. */
export interface Decision {
  readonly from: Member | undefined
  readonly codes: Codes
  /** The word to take instead of one that is not in the table. Without it, such a word is Other. */
  readonly otherwise?: string
}

/** How the events of one kind are mapped. */
export interface Shape {
  readonly class: EventClass
  readonly activity: Decision
  readonly status: Decision
  readonly severity: Decision
  readonly parts: readonly Part[]
}
