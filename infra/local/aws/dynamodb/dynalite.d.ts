/** dynalite 4 ships no types; this is the part used here. */
declare module 'dynalite' {
  import type { Server } from 'node:http'

  interface DynaliteOptions {
    /** Folder of the LevelDB store; in memory without it. */
    readonly path?: string
    readonly createTableMs?: number
    readonly deleteTableMs?: number
    readonly updateTableMs?: number
  }

  /** Its `close` also closes the store. */
  export default function dynalite(options?: DynaliteOptions): Server
}
