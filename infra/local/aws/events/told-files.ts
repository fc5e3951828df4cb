import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { VirtualClock } from '../clock/clock.ts'
import type { LogGroupResource, TopicResource } from '../template/model.ts'

export interface ToldFiles {
  /** `topics/<logical id>.jsonl`: what the topic's subscribers would be sent, one message on a line. */
  publish(topic: TopicResource, message: string): void
  /** `logs/<construct>.jsonl`: one event on a line, as it is logged. */
  log(group: LogGroupResource, event: string): void
}

/** Topics and log groups as files. Nothing reads them but people. */
export function createToldFiles({
  dataDir,
  clock,
}: {
  readonly dataDir: string
  readonly clock: VirtualClock
}): ToldFiles {
  const append = (folder: string, file: string, line: string): void => {
    mkdirSync(join(dataDir, folder), { recursive: true })
    appendFileSync(join(dataDir, folder, `${file}.jsonl`), `${line}\n`)
  }
  return {
    publish: ({ logicalId }, message) =>
      append(
        'topics',
        logicalId,
        JSON.stringify({ sentAt: new Date(clock.now()).toISOString(), message: JSON.parse(message) }),
      ),
    log: ({ file }, event) => append('logs', file, event),
  }
}
