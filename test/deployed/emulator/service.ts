import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** One service behind the endpoint. */
export interface EmulatedService {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  close?(): Promise<void>
}

/** An error that a service returns. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

type Input = Readonly<Record<string, unknown>>

export interface JsonOperation {
  /** Members of its input that it knows; any other is refused. */
  readonly members: readonly string[]
  run(input: Input): object
}

/** A service that speaks the JSON protocol 1.1 of AWS. Reports operations and members that it does not know. */
export function jsonService(
  target: string,
  operations: Readonly<Record<string, JsonOperation>>,
  tellUnknown: (what: string) => void,
): EmulatedService {
  function answerTo(request: IncomingMessage, body: string): object {
    const [service, name = ''] = String(request.headers['x-amz-target']).split('.')
    const operation = service === target ? operations[name] : undefined
    const input = JSON.parse(body) as Input
    const strange = Object.keys(input).filter(member => !operation?.members.includes(member))
    if (operation && strange.length === 0) return operation.run(input)
    tellUnknown(`${request.headers['x-amz-target']} ${strange.join(' ')}`)
    throw new Refusal('UnknownOperationException', `not emulated: ${name} ${strange.join(' ')}`)
  }

  return {
    async handle(request, response) {
      const type = { 'content-type': 'application/x-amz-json-1.1' }
      try {
        const answer = answerTo(request, await text(request))
        response.writeHead(200, type).end(JSON.stringify(answer))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const { code, message, status } = error
        response.writeHead(status, type).end(JSON.stringify({ __type: code, message }))
      }
    },
  }
}
