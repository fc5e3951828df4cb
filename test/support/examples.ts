/** The number of examples of a property. The mutation run sets a maximum, because it tries each property many times. */
export const examples = (count: number): number =>
  Math.min(count, Number(process.env['MOST_EXAMPLES'] ?? count))
