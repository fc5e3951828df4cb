/** The schema of the items that this code writes. An older item is read: all that came since may be absent. */
const SCHEMA = 1

/**
 * The item, if this code knows its schema. Throws for one of a later deployment (this one was put over it): what it means
 * is not known here, and writing it back would lose a part of it.
 */
export function ofKnownSchema<T extends object>(item: T, what: string): T {
  const { schema = SCHEMA } = item as { readonly schema?: unknown }
  if (typeof schema === 'number' && schema <= SCHEMA) return item
  throw new Error(
    `${what} was written by a later version of onepassword-source (schema ${schema}; this one reads up to ${SCHEMA}): ` +
      'deploy that version again.',
  )
}
