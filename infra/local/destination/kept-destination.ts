import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, writeJson } from 'aws-emulator'
import { DESTINATION_TITLES, type DestinationKind } from '../../../shared/contract/destinations.ts'
import type { ReceivedEvent } from './receiver.ts'
import { type StandIn, startStandIn } from './stand-in.ts'
import { receiveSumoLogic, SUMOLOGIC_PATH } from './sumologic.ts'

/** The simulated destination of a data directory. */
export interface LocalDestination {
  readonly kind: DestinationKind
  /** Describes it for a person. */
  readonly description: string
  /** What a collector's `destination` holds, beside its type. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Where the events lie that it has taken. */
  readonly file: string
  /** The origin of its switches. */
  readonly controlUrl: string
  close(): Promise<void>
}

/** What a data directory keeps of its destination, so that it is the same one after a restart. */
interface Kept {
  readonly port: number
  readonly code: string
}

interface Simulated {
  readonly receive: (code: string) => ReturnType<typeof receiveSumoLogic>
  readonly settings: (standIn: StandIn, code: string) => Readonly<Record<string, unknown>>
}

/** How each kind is simulated. To add one, add an entry. */
const KINDS: Readonly<Record<DestinationKind, Simulated>> = {
  sumologic: {
    receive: receiveSumoLogic,
    settings: ({ url }, code) => ({ url: `${url}${SUMOLOGIC_PATH}${code}` }),
  },
}

async function start(receive: ReturnType<typeof receiveSumoLogic>, kept: Kept | undefined, dataDir: string) {
  try {
    return await startStandIn(receive, kept?.port)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Error(
      `Port ${kept?.port} is taken. The destination of ${dataDir} is there: free the port, or use another --data.`,
    )
  }
}

/** Starts the simulated destination of a data directory. Each event that it takes is appended to a file there. */
export async function openKeptDestination(
  dataDir: string,
  kind: DestinationKind,
  onEvents: (events: readonly ReceivedEvent[]) => void = () => {},
): Promise<LocalDestination> {
  const place = join(dataDir, 'destinations')
  const kept = readJson<Kept>(join(place, `${kind}.json`))
  const code = kept?.code ?? randomBytes(24).toString('base64url')
  const { receive, settings } = KINDS[kind]
  const standIn = await start(receive(code), kept, dataDir)
  mkdirSync(place, { recursive: true })
  writeJson(join(place, `${kind}.json`), { port: standIn.port, code } satisfies Kept)
  const file = join(place, `${kind}.ndjson`)
  standIn.onTaken(events => {
    appendFileSync(file, events.map(({ text }) => `${text}\n`).join(''))
    onEvents(events)
  })
  return {
    ...{ kind, file, controlUrl: standIn.url, settings: settings(standIn, code), close: standIn.close },
    description: `${DESTINATION_TITLES[kind]} (simulated), ${standIn.url}`,
  }
}
