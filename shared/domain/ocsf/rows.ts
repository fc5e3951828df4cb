import type { Codes } from './codes.ts'
import { type Conversion, TEXT } from './conversions.ts'

/** A member of an event: its name, or the names of an object and of its member with a dot between them. */
export type Member = string

/** An attribute that gets the value of a member. */
export interface ValueRow {
  readonly kind: 'value'
  readonly to: string
  /** The first member that has a usable value counts. */
  readonly from: readonly Member[]
  readonly as: Conversion
}

/** An enumeration: `<to>_id` gets the number, and `<to>` the text beside it. */
export interface CodeRow {
  readonly kind: 'code'
  readonly to: string
  readonly from: readonly Member[]
  /** Reads the source's word out of the member's value. */
  readonly as: Conversion
  readonly codes: Codes
  /** What happens to a word that is not in the table, and to an event without a word. */
  readonly others: 'other' | 'none' | { readonly without: string }
}

/** An attribute that is put together from several members. */
export interface JoinRow {
  readonly kind: 'join'
  readonly to: string
  readonly from: readonly Member[]
  readonly between: string
}

/** An attribute that always has the same value. */
export interface ConstantRow {
  readonly kind: 'constant'
  readonly to: string
  readonly value: string | number | boolean | readonly string[]
}

/** If several rows are for one attribute, the first one that finds a value counts. */
export type Row = ValueRow | CodeRow | JoinRow | ConstantRow

/** An object of the OCSF event. */
export interface Part {
  /** Where it is: '' for the event itself, with `[]` at the end for an element of a list. */
  readonly at: string
  readonly rows: readonly Row[]
  /** The object needs one of these attributes. It is left out if it has none of them. */
  readonly needs?: readonly string[]
  /** What it gets instead of being left out. */
  readonly otherwise?: Readonly<Record<string, unknown>>
}

export const value = (to: string, from: Member | readonly Member[], as: Conversion = TEXT): ValueRow => ({
  kind: 'value',
  to,
  from: [from].flat(),
  as,
})

interface CodeOptions {
  readonly as?: Conversion
  readonly others?: CodeRow['others']
}

export const code = (
  to: string,
  from: Member | readonly Member[],
  codes: Codes,
  { as = TEXT, others = 'other' }: CodeOptions = {},
): CodeRow => ({ kind: 'code', to, from: [from].flat(), as, codes, others })

export const join = (to: string, from: readonly Member[], between: string): JoinRow => ({
  kind: 'join',
  to,
  from,
  between,
})

export const constant = (to: string, constantValue: ConstantRow['value']): ConstantRow => ({
  kind: 'constant',
  to,
  value: constantValue,
})
