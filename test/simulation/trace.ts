/**
 * Notes what happened. Two simulations of one seed must have the same hash, and the notes show the cause of a breach.
 */
export interface Trace {
  note(who: string, what: string): void
  /** Returns the hash of all notes. */
  hash(): string
  /** The last notes, oldest first. */
  last(count: number): readonly string[]
}

const KEPT = 20_000

/** Computes two words of FNV-1a, because 32 bits are too few to distinguish thousands of simulations. */
function createHash() {
  let [a, b] = [0x811c9dc5, 0x1b873593]
  return {
    add(text: string): void {
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i)
        a = Math.imul(a ^ code, 0x01000193)
        b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 15)
      }
    },
    text: () => [a, b].map(word => (word >>> 0).toString(16).padStart(8, '0')).join(''),
  }
}

export function createTrace(now: () => number): Trace {
  const notes: string[] = []
  const hash = createHash()
  let count = 0
  return {
    note(who, what) {
      const line = `${now()} ${who} ${what}`
      hash.add(line)
      notes[count++ % KEPT] = line
    },
    hash: hash.text,
    last(wanted) {
      const begin = Math.max(0, count - Math.min(wanted, KEPT))
      return Array.from({ length: count - begin }, (_, i) => readable(notes[(begin + i) % KEPT] ?? ''))
    },
  }
}

function readable(line: string): string {
  const [ms = '', ...rest] = line.split(' ')
  return `${new Date(Number(ms)).toISOString()} ${rest.join(' ')}`
}
