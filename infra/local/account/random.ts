import { createHash } from 'node:crypto'

/** A stream of random draws. The same parts (see `randomFrom`) always give the same draws. */
export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number
  /** Uniform in 0 … bound − 1. */
  integer(bound: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  weighted<T extends { readonly weight: number }>(list: readonly T[]): T
  /** 26 characters of base32, as the Events API names things (docs/reference/events-api.md, "Event types"). */
  uuid(): string
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The generator sfc32. It has 128 bits of state, so that uuids from very many streams are unique. */
function words(parts: readonly (string | number)[]): () => number {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest()
  let [a, b, c, counter] = [0, 4, 8, 12].map(at => digest.readInt32LE(at)) as [number, number, number, number]
  return () => {
    const result = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
}

function base32(word: () => number, length: number): string {
  let text = ''
  while (text.length < length) {
    let bits = word()
    for (let n = 0; n < 6 && text.length < length; n += 1) {
      text += BASE32.charAt(bits & 31)
      bits >>>= 5
    }
  }
  return text
}

function element<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new RangeError('Nothing to pick from an empty list')
  return found
}

/** Creates the stream of draws that belongs to some parts, for example to seed, feature and bucket. */
export function randomFrom(...parts: readonly (string | number)[]): Random {
  const word = words(parts)
  const fraction = () => word() / 2 ** 32
  const integer = (bound: number) => Math.floor(fraction() * bound)
  return {
    fraction,
    integer,
    chance: probability => fraction() < probability,
    pick: list => element(list, integer(list.length)),
    weighted(list) {
      let left = fraction() * list.reduce((sum, { weight }) => sum + weight, 0)
      const found = list.find(({ weight }) => {
        left -= weight
        return left < 0
      })
      return found ?? element(list, list.length - 1)
    },
    uuid: () => base32(word, 26),
  }
}
