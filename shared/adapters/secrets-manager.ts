/** The stage of a secret's current version. */
export const CURRENT = 'AWSCURRENT'

/**
 * The stage of a version that is not current yet. A put that names no stage would make its version current, and a
 * version without a stage may be removed.
 */
export const PROPOSED = 'proposed'

/** Whether the error is one of AWS's with one of these names. */
export const isNamed = (error: unknown, ...names: string[]): boolean =>
  error instanceof Error && names.includes(error.name)
