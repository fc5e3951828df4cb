import type { PageEncoding } from '../../../shared/contract/page-files.ts'

const ACCEPTED = /^\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([\d.]+)\s*)?$/

/** Returns the first of the encodings that an Accept-Encoding header names (RFC 9110, section 12.5.3). */
export function chooseEncoding(header = '', offered: readonly PageEncoding[] = ['br', 'gzip']): PageEncoding {
  const accepted = header.split(',').flatMap(part => {
    const [, name = '', quality = '1'] = ACCEPTED.exec(part) ?? []
    return Number(quality) > 0 ? [name.toLowerCase()] : []
  })
  return offered.find(name => accepted.includes(name)) ?? 'identity'
}
