/** The stage of a secret's current version. */
export const CURRENT = 'AWSCURRENT'

/**
 * The stage of a version that is not current yet. A put that names no stage would make its version current, and a
 * version without a stage may be removed.
 */
export const PROPOSED = 'proposed'

/** Returns whether an error has one of these names. AWS names its errors by their kind. */
export const isNamed = (error: unknown, ...names: string[]): boolean =>
  error instanceof Error && names.includes(error.name)
