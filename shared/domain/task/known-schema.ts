/** Of every kind of item that has had no other. */
const FIRST_SCHEMA = 1

/**
 * The item, if this code knows its schema: `latest` is the one in which it writes items of the kind. An older item is
 * read: all that came since may be absent. Throws for one of a later deployment (this one was put over it): what it means
 * is not known here, and writing it back would lose a part of it.
 */
export function ofKnownSchema<T extends object>(item: T, what: string, latest = FIRST_SCHEMA): T {
  const { schema = FIRST_SCHEMA } = item as { readonly schema?: unknown }
  if (typeof schema === 'number' && schema <= latest) return item
  throw new Error(
    `${what} was written by a later version of onepassword-source (schema ${schema}; this one reads up to ${latest}): ` +
      'deploy that version again.',
  )
}
