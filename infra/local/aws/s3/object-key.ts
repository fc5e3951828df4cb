import path from 'node:path'
import { ServiceError } from '../gateway/service.ts'

const MAX_KEY_BYTES = 1024
const MAX_NAME_BYTES = 255

/**
 * Returns the file of a key below a folder. To S3 a key is any text, but here it is a path. So a key that would leave
 * the folder, or that cannot be the name of a file, is refused.
 */
export function toFilePath(folder: string, key: string): string {
  const names = key.split('/')
  if (Buffer.byteLength(key) > MAX_KEY_BYTES)
    throw new ServiceError('KeyTooLongError', 'Your key is too long')
  if (!names.every(isFileName)) {
    throw new ServiceError(
      'InvalidArgument',
      `The local stage keeps objects as files and cannot keep the key ${JSON.stringify(key)}`,
    )
  }
  return path.join(folder, ...names)
}

const isFileName = (name: string): boolean =>
  name !== '' &&
  name !== '.' &&
  name !== '..' &&
  !name.includes('\0') &&
  !(path.sep === '\\' && /[\\:]/.test(name)) &&
  Buffer.byteLength(name) <= MAX_NAME_BYTES
