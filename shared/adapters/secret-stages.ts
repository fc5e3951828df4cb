/** Stages of a secret's versions (Secrets Manager). */
export const CURRENT = 'AWSCURRENT'

/** For a version that is not current yet: a put that names no stage would make it so, and one without any may be removed. */
export const PROPOSED = 'proposed'
