type Attribute = Readonly<Record<string, unknown>>
export type Item = Readonly<Record<string, Attribute>>

/** Containers cost three bytes, and one for each element. */
const CONTAINER_BYTES = 3

const textBytes = (value: unknown): number => Buffer.byteLength(String(value))

function valueBytes(attribute: Attribute): number {
  const [[type, value] = ['NULL', true]] = Object.entries(attribute)
  if (type === 'N') return Math.ceil(textBytes(value) / 2) + 1
  if (type === 'BOOL' || type === 'NULL') return 1
  if (type === 'M') return CONTAINER_BYTES + Object.keys(value as Item).length + itemBytes(value as Item)
  if (type === 'L') {
    const elements = value as readonly Attribute[]
    return CONTAINER_BYTES + elements.reduce((bytes, element) => bytes + 1 + valueBytes(element), 0)
  }
  return textBytes(value)
}

/** Size of an item as DynamoDB bills it, to within a few bytes: names and values. */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((bytes, [name, value]) => bytes + textBytes(name) + valueBytes(value), 0)
