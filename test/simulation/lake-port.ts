import { lakeBucket } from '../../shared/adapters/lake-bucket.ts'
import type { Lake } from '../../shared/ports.ts'
import { awsError } from './aws-answer.ts'
import { type Bucket, createBucketClient } from './bucket.ts'
import { awsCall, type Process, type Surroundings } from './process.ts'

/** S3 may say for so long that another put to a key is in progress. The product waits for 5 seconds. */
const LONGEST_PUT_MS = 15_000

/** Returns the refusal of a put, if another put to the same key is in progress. */
function createConflicts({ plan, timeline }: Surroundings): (key: string) => Error | undefined {
  const untilMs = new Map<string, number>()
  return key => {
    if (plan.strikes('puts-in-progress')) {
      untilMs.set(key, timeline.now() + plan.random('puts-in-progress').integer(LONGEST_PUT_MS))
    }
    const isInProgress = (untilMs.get(key) ?? 0) > timeline.now()
    return isInProgress ? awsError('ConditionalRequestConflict', 409) : undefined
  }
}

/** Returns the lake of a process: the product's adapter, whose calls to the bucket can fail. */
export function createLakes(world: Surroundings, bucket: Bucket): (process: Process) => Lake {
  const findConflict = createConflicts(world)
  return process =>
    lakeBucket(
      createBucketClient(bucket, (call, key, work) =>
        awsCall(world, process, `lake.${call}`, async () => {
          const error = call === 'create' ? findConflict(key) : undefined
          return error ? { error } : work()
        }),
      ),
      'lake',
      process,
    )
}
