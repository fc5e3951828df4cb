import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { VirtualClock } from '../clock/clock.ts'
import type { OnNotice } from '../reports.ts'
import type { QueueResource } from '../template/model.ts'

/** What belongs to a message beside its body. `reason` becomes part of a notice, which a person sees at once. */
interface MessageFacts {
  readonly reason: string
  readonly attributes?: Readonly<Record<string, string>>
}

export interface QueueFiles {
  /** Adds a message. Throws if there is no such queue. */
  send(queueArn: string, body: string, facts: MessageFacts): void
}

/** SQS queues as files, `queues/<logical id>.jsonl`, with one message on a line. Only people read them. */
export function createQueueFiles(parts: {
  readonly dataDir: string
  readonly queues: readonly QueueResource[]
  readonly clock: VirtualClock
  readonly onNotice: OnNotice
}): QueueFiles {
  const folder = join(parts.dataDir, 'queues')
  return {
    send(queueArn, body, { reason, attributes = {} }) {
      const queue = parts.queues.find(({ arn }) => arn === queueArn)
      if (!queue) throw new Error(`${queueArn} is no queue of this stage`)
      const sentAt = new Date(parts.clock.now()).toISOString()
      const message = { messageId: randomUUID(), sentAt, body, attributes }
      mkdirSync(folder, { recursive: true })
      appendFileSync(join(folder, `${queue.logicalId}.jsonl`), `${JSON.stringify(message)}\n`)
      parts.onNotice({ kind: 'dead letter', queue: queue.logicalId, reason })
    },
  }
}
