import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { VirtualClock } from '../clock/clock.ts'
import type { LogGroupResource, TopicResource } from '../template/model.ts'

export interface TopicAndLogFiles {
  /** Adds a message to `topics/<logical id>.jsonl`, as the topic's subscribers would be sent it. */
  publish(topic: TopicResource, message: string): void
  /** Adds an event to `logs/<construct>.jsonl`. */
  log(group: LogGroupResource, event: string): void
}

interface FileParts {
  readonly dataDir: string
  readonly clock: VirtualClock
}

/** SNS topics and log groups as files, one message on a line. Only people read them. */
export function createTopicAndLogFiles({ dataDir, clock }: FileParts): TopicAndLogFiles {
  const append = (folder: string, file: string, line: string): void => {
    mkdirSync(join(dataDir, folder), { recursive: true })
    appendFileSync(join(dataDir, folder, `${file}.jsonl`), `${line}\n`)
  }
  return {
    publish({ logicalId }, message) {
      const sentAt = new Date(clock.now()).toISOString()
      append('topics', logicalId, JSON.stringify({ sentAt, message: JSON.parse(message) }))
    },
    log: ({ file }, event) => append('logs', file, event),
  }
}
