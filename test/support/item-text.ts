import { type Item, toItemText } from '../../shared/domain/stream/item.ts'

/** An item with its tokens as text, to be compared. */
export const asText = (item: Item) => ({ ...item, json: toItemText(item) })
