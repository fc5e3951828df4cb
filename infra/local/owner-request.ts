import { signatureHeaders } from './aws/gateway/signature.ts'
import type { AccessKey, OwnerAccess } from './owner-access.ts'

/** A request to the admin URL. */
export interface OwnerRequest {
  readonly method: string
  /** With its query, percent-encoded. */
  readonly path: string
  readonly body?: string
}

/** The headers that prove the owner to the admin URL: the access key if there is one, else a signature. */
export function ownerHeaders(
  access: OwnerAccess,
  accessKey: AccessKey | undefined,
  { method, path, body = '' }: OwnerRequest,
): Record<string, string> {
  if (accessKey) {
    const text = `${accessKey.accessId}:${accessKey.accessKey}`
    return { authorization: `Basic ${Buffer.from(text).toString('base64')}` }
  }
  const { host, pathname, searchParams: query } = new URL(path, access.adminUrl)
  const { credentials, region } = access
  const call = { method, path: pathname, query, headers: { host }, body: Buffer.from(body) }
  return signatureHeaders(call, { credentials, region, service: 'lambda', nowMs: Date.now() })
}
