import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ServiceError } from '../gateway/service.ts'
import { createKeyLocks } from './key-locks.ts'
import { toFilePath } from './object-key.ts'

/** What is known of an object beside its body. */
interface ObjectFacts {
  /** MD5 of the body, hex. */
  readonly etag: string
  readonly size: number
  readonly modifiedMs: number
  readonly headers: Readonly<Record<string, string>>
}

interface StoredObject {
  readonly facts: ObjectFacts
  readonly body: Buffer
}

/** Keeps the objects of one bucket as plain files, and their metadata in another folder of the same shape. */
export interface ObjectStore {
  /** Writes the object completely or not at all, even if the process dies. */
  put(
    key: string,
    object: StoredObject,
    options: { readonly onlyIfAbsent: boolean },
  ): Promise<'written' | 'exists'>
  get(key: string): Promise<StoredObject | undefined>
  /** Returns the keys with the prefix, in the order of their UTF-8 bytes. */
  keys(prefix: string): Promise<readonly string[]>
}

interface ObjectFolders {
  readonly objects: string
  readonly metadata: string
  /** On the same file system. Files in it can be removed at every start. */
  readonly temporary: string
}

export function openObjectStore(folders: ObjectFolders): ObjectStore {
  const locks = createKeyLocks()
  return {
    put: (key, object, { onlyIfAbsent }) =>
      locks.run(key, async () => {
        const previous = await readObject(folders, key)
        if (previous && onlyIfAbsent) return 'exists'
        await writeObject(folders, key, object, previous?.facts)
        return 'written'
      }),
    get: key => locks.run(key, () => readObject(folders, key)),
    keys: prefix => findKeys(folders.objects, prefix),
  }
}

/**
 * Writes the metadata first, because the object exists when its body does. While a body is replaced, the metadata of
 * both versions are kept. The digest of the body shows which of them belongs to it.
 */
async function writeObject(
  folders: ObjectFolders,
  key: string,
  { body, facts }: StoredObject,
  previous: ObjectFacts | undefined,
): Promise<void> {
  const metadataFile = `${toFilePath(folders.metadata, key)}.json`
  await replaceFile(folders, metadataFile, JSON.stringify(previous ? [facts, previous] : [facts]))
  await replaceFile(folders, toFilePath(folders.objects, key), body)
  if (previous) await replaceFile(folders, metadataFile, JSON.stringify([facts]))
}

async function replaceFile(folders: ObjectFolders, file: string, content: Buffer | string): Promise<void> {
  const temporary = path.join(folders.temporary, randomUUID())
  await mkdir(folders.temporary, { recursive: true })
  await writeFile(temporary, content)
  try {
    await mkdir(path.dirname(file), { recursive: true })
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    if (!hasCode(error, 'EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY')) throw error
    throw new ServiceError(
      'InvalidArgument',
      'The local stage keeps objects as files: no key can be a folder of another',
    )
  }
}

async function readObject(folders: ObjectFolders, key: string): Promise<StoredObject | undefined> {
  const body = await readIfThere(toFilePath(folders.objects, key))
  if (!body) return undefined
  const candidates = await readIfThere(`${toFilePath(folders.metadata, key)}.json`)
  const etag = md5(body)
  const known = (JSON.parse(candidates?.toString() ?? '[]') as ObjectFacts[]).find(
    facts => facts.etag === etag,
  )
  return { body, facts: known ?? (await factsOfFile(folders, key, body, etag)) }
}

/** A file that somebody put there by hand is an object too. */
async function factsOfFile(
  folders: ObjectFolders,
  key: string,
  body: Buffer,
  etag: string,
): Promise<ObjectFacts> {
  const { mtimeMs } = await stat(toFilePath(folders.objects, key))
  return { etag, size: body.length, modifiedMs: mtimeMs, headers: {} }
}

async function findKeys(folder: string, prefix: string): Promise<readonly string[]> {
  const within = prefix.split('/').slice(0, -1)
  const start = within.length === 0 ? folder : toFilePath(folder, within.join('/'))
  const entries = await readdir(start, { recursive: true, withFileTypes: true }).catch(returnNothing)
  return entries
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter(key => key.startsWith(prefix))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

function returnNothing(error: unknown): never[] {
  if (hasCode(error, 'ENOENT', 'ENOTDIR')) return []
  throw error
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined
    throw error
  }
}

const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

export const md5 = (body: Buffer): string => createHash('md5').update(body).digest('hex')
