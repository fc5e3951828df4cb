/** From one position of a text to another, which is behind it. UTF-16 units. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A compiled regular expression, whose time grows with the length of the text only. */
export interface Expression {
  /** How many capture groups it has. */
  readonly groups: number
  /** How many steps it may take for each character. */
  readonly steps: number
  /** Whether it matches the text from its beginning to its end. */
  isMatch(text: string): boolean
  /** Finds what the capture groups of all matches hold. Empty ones are left out. `onMatch` is called for each match and may throw. */
  findGroups(text: string, onMatch: () => void): readonly Span[]
}

/** Compiles an expression. Returns what is wrong with one that cannot be compiled. The text does not quote the expression. */
export type Compile = (regexp: string) => Expression | { readonly fault: string }

/** The engine of regular expressions. Its time is linear, whatever the expression is. */
export interface Expressions {
  /** Loads the engine. Who needs no expression does not load it. */
  load(): Promise<Compile>
}
