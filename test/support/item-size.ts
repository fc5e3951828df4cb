import type { AttributeValue } from '@aws-sdk/client-dynamodb'

type Item = Readonly<Record<string, AttributeValue>>

/**
 * A number takes one byte for each two significant digits (in pairs from the decimal point), one more byte, and one for
 * a sign.
 */
function numberBytes(text: string): number {
  const digits = text.replace(/^-/, '').replace(/^0+|\.|0+$/g, '')
  return 1 + Math.ceil((digits.length + 1) / 2) + Number(text.startsWith('-'))
}

function valueBytes({ S, N, B, M, L, ...rest }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S)
  if (N !== undefined) return numberBytes(N)
  if (B !== undefined) return B.byteLength
  if (M !== undefined) return 3 + Object.keys(M).length + itemBytes(M)
  if (L !== undefined) return 3 + L.reduce((sum, value) => sum + 1 + valueBytes(value), 0)
  if (rest.BOOL !== undefined || rest.NULL) return 1
  throw new Error('items with sets are not measured')
}

/**
 * Returns the size by which DynamoDB counts units (developer guide, “Item sizes and formats”). Numbers are rounded up.
 */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0)
