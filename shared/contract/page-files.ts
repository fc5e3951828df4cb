/** Where the bundle of admin has the files of the page, and the list of them. The build writes it, and admin reads it. */
export const PAGE_FOLDER = 'console'
export const PAGE_INDEX = 'files.json'

export interface PageFile {
  /** Its path in the folder. Its compressed forms lie beside it. */
  readonly file: string
  /** Its Content-Type. */
  readonly type: string
  /** Of its content, in hex. */
  readonly digest: string
}

/** The files by the paths at which they are served. */
export type PageIndex = Readonly<Record<string, PageFile>>

/** How a file is stored, with the ending of its name. */
export const PAGE_ENCODINGS = { br: '.br', gzip: '.gz', identity: '' } as const
export type PageEncoding = keyof typeof PAGE_ENCODINGS
