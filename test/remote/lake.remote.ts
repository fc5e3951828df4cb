import { S3Client } from '@aws-sdk/client-s3'
import { afterAll } from 'vitest'
import { lakeBucket } from '../../shared/adapters/lake-bucket.ts'
import { systemClock, systemRandom } from '../../shared/adapters/system.ts'
import { lakeContract } from '../contract/lake-contract.ts'
import { remoteRun } from './remote-run.ts'

const { names, settings } = remoteRun()
const client = new S3Client(settings)
afterAll(() => client.destroy())

lakeContract('in an account', async () =>
  lakeBucket(client, names.bucket, { clock: systemClock, random: systemRandom }),
)
