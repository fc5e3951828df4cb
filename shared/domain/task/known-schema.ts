/** The schema of an item that names none. */
const FIRST_SCHEMA = 1

/**
 * Returns the item if this code knows its schema. `latest` is the schema in which this code writes such items. An older
 * item may lack members that came later. Throws if a later deployment wrote the item, because this code does not
 * understand it, and would lose a part of it by writing it back.
 */
export function requireKnownSchema<T extends object>(item: T, what: string, latest = FIRST_SCHEMA): T {
  const { schema = FIRST_SCHEMA } = item as { readonly schema?: unknown }
  if (typeof schema === 'number' && schema <= latest) return item
  throw new Error(
    `${what} was written by a later version of onepassword-source (schema ${schema}; this one reads up to ${latest}): ` +
      'deploy that version again.',
  )
}
