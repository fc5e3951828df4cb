import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type Answer, type HttpCall, type Need, type Service, ServiceError } from '../gateway/service.ts'
import type { BucketResource, Deployment } from '../template/model.ts'
import { getObject } from './get-object.ts'
import { listObjects } from './list-objects.ts'
import { toFilePath } from './object-key.ts'
import { type ObjectStore, openObjectStore } from './object-store.ts'
import { putObject } from './put-object.ts'
import { readRequest, type S3OperationName, type S3Request } from './request.ts'
import { xmlDocument } from './xml.ts'

interface Bucket {
  readonly resource: BucketResource
  readonly store: ObjectStore
}

const PERMISSIONS: Readonly<Record<S3OperationName, string>> = {
  PutObject: 's3:PutObject',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  ListObjectsV2: 's3:ListBucket',
}

/** Starts S3 on disk, with objects in `dataDir/<folder>/<key>` and their metadata in `dataDir/metadata/<folder>`. */
export async function startS3(
  deployment: Deployment,
  clock: { now(): number },
  dataDir: string,
): Promise<Service> {
  const temporary = path.join(dataDir, 'temporary')
  await rm(temporary, { recursive: true, force: true })
  const buckets = new Map(
    deployment.buckets.map(resource => [
      resource.name,
      { resource, store: openBucket(resource, dataDir, temporary) },
    ]),
  )
  return {
    name: 's3',
    operation(call, require) {
      const request = readRequest(call)
      const bucket = buckets.get(request.bucket)
      if (!bucket) throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404)
      if (request.key !== '') toFilePath('', request.key)
      return {
        name: request.operation,
        needs: [toNeed(request, bucket.resource)],
        perform: () => perform(call, request, bucket, clock, require),
      }
    },
    failure,
    close: async () => undefined,
  }
}

const openBucket = ({ folder }: BucketResource, dataDir: string, temporary: string): ObjectStore =>
  openObjectStore({
    objects: path.join(dataDir, folder),
    metadata: path.join(dataDir, 'metadata', folder),
    temporary,
  })

const toNeed = ({ operation, key }: S3Request, { arn }: BucketResource): Need => ({
  action: PERMISSIONS[operation],
  resource: key === '' ? arn : `${arn}/${key}`,
})

function perform(
  call: HttpCall,
  { operation, key }: S3Request,
  { resource, store }: Bucket,
  clock: { now(): number },
  require: (need: Need) => void,
): Promise<Answer> {
  if (operation === 'PutObject') return putObject(call, key, store, clock.now())
  if (operation === 'ListObjectsV2') return listObjects(call, resource.name, store)
  return getObject(call, key, store, () => require({ action: 's3:ListBucket', resource: resource.arn }))
}

/** An answer to HEAD has no body, so it has only the status of the error. */
function failure(error: ServiceError, call: HttpCall): Answer {
  const body = xmlDocument('Error', { Code: error.code, Message: error.message, Resource: call.path })
  const headers = { 'content-type': 'application/xml' }
  return call.method === 'HEAD'
    ? { status: error.status, headers: {} }
    : { status: error.status, headers, body }
}
