import type { Answer } from '../account/events-api/answer.ts'
import { type DestinationMode, findMode, type ModeOptions } from './modes.ts'

export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** An event as a destination keeps it. */
export interface ReceivedEvent {
  /** As received. */
  readonly text: string
  /** What the request says of it. */
  readonly metadata: Readonly<Record<string, string>>
}

/** What a destination makes of a request. With a wrong request there are no events. */
export interface Reception {
  readonly events: readonly ReceivedEvent[]
  readonly answer: Answer
}

/** The rules of one kind of destination. */
export type Receive = (request: ReceivedRequest) => Reception

/** A request as the destination saw it. */
export interface LoggedReception {
  readonly mode: DestinationMode
  readonly headers: Readonly<Record<string, string>>
  /** How many events were in it, and how many of these were taken. */
  readonly sent: number
  readonly taken: number
  /** Bytes before compression. */
  readonly bytes: number
}

/** A simulated destination without its server. */
export interface Receiver {
  /** What was taken, in order. An event that came twice is there twice. */
  readonly events: readonly ReceivedEvent[]
  readonly requests: readonly LoggedReception[]
  readonly mode: DestinationMode
  setMode(mode: DestinationMode, options?: ModeOptions): void
  receive(request: ReceivedRequest): Answer
  /** Is called with the events of each request that are taken. */
  onTaken(listener: (events: readonly ReceivedEvent[]) => void): void
}

const countTaken = (takes: 'none' | 'half' | 'all', sent: number): number =>
  takes === 'all' ? sent : takes === 'half' ? Math.floor(sent / 2) : 0

const DEFAULT_DELAY_MS = 5_000

const sizeOf = (events: readonly ReceivedEvent[]): number =>
  events.reduce((bytes, { text }) => bytes + Buffer.byteLength(text) + 1, 0)

export function createReceiver(receive: Receive): Receiver {
  const events: ReceivedEvent[] = []
  const requests: LoggedReception[] = []
  let mode: DestinationMode = 'ok'
  let options: ModeOptions = {}
  let left = Number.POSITIVE_INFINITY
  let tell: (events: readonly ReceivedEvent[]) => void = () => {}

  function takeMode() {
    const taken = { name: mode, options }
    if (--left <= 0) setMode('ok')
    return { ...taken, rule: findMode(taken.name) }
  }

  function setMode(next: DestinationMode, given: ModeOptions = {}): void {
    mode = next
    options = given
    left = given.times ?? Number.POSITIVE_INFINITY
  }

  return {
    events,
    requests,
    get mode() {
      return mode
    },
    setMode,
    onTaken(listener) {
      tell = listener
    },
    receive(request) {
      const { name, rule, options: given } = takeMode()
      const { events: sent, answer } = receive(request)
      const taken = sent.slice(0, countTaken(rule.takes ?? 'none', sent.length))
      events.push(...taken)
      if (taken.length > 0) tell(taken)
      requests.push({
        ...{ mode: name, headers: request.headers, bytes: sizeOf(sent) },
        ...{ sent: sent.length, taken: taken.length },
      })
      const delayMs = rule.isSlow && (given.delayMs ?? DEFAULT_DELAY_MS)
      return { ...(rule.answer?.(given) ?? answer), ...(delayMs && { delayMs }) }
    },
  }
}
