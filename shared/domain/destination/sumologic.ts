import { mergeFields } from '../source/field-name.ts'
import { deliveredFields } from '../source/field-schema.ts'
import { isForwarded, SIEM_FIELDS } from '../source/siem-fields.ts'
import type { DescribedSource, Fields } from '../source/source.ts'
import type { BatchLimits } from './event-batch.ts'

/*
 * How a Sumo Logic HTTP Source takes events (Sumo Logic's documentation, "HTTP Logs and Metrics Source"). Lines of a
 * request become messages. Headers describe all of them.
 */

/** "Up to but not exceeding 1 MB before compression". Each event has a line break behind it. */
export const SUMOLOGIC_LIMITS: BatchLimits = {
  maxEvents: Number.POSITIVE_INFINITY,
  maxBytes: 1_000_000,
  measure: ({ json }) => json.length + 1,
}

/** Sumo Logic drops further fields. */
export const MAX_SUMOLOGIC_FIELDS = 30

/** The two characters that separate fields in the header, for which there is no escape, and what a header cannot hold. */
const UNSENDABLE = /[,=\p{Cc}]/u

/** Returns what is wrong with a field for Sumo Logic, or undefined. */
export function findSumoLogicFault(name: string, value: string | boolean): string | undefined {
  if (UNSENDABLE.test(name)) return 'must have a name without comma, equals sign and control characters'
  if (!UNSENDABLE.test(String(value))) return undefined
  return 'must be without comma, equals sign and control characters'
}

/** The fields that the events of a source carry. Throws if one cannot be sent: it was set before the destination. */
function listFields({ collector, source, fieldSchema }: DescribedSource): Fields {
  const fields = deliveredFields(fieldSchema, mergeFields(collector.fields, source.fields))
  return isForwarded(fields) ? mergeFields(fields, SIEM_FIELDS) : fields
}

/** Returns a sentence about the first field that cannot be sent, or undefined. */
export function findUnsendableField(described: DescribedSource): string | undefined {
  const entries = Object.entries(listFields(described))
  if (entries.length > MAX_SUMOLOGIC_FIELDS) return `there are more than ${MAX_SUMOLOGIC_FIELDS} fields`
  const [name] = entries.find(([each, value]) => findSumoLogicFault(each, value)) ?? []
  return name && `the field ${name} holds a comma, an equals sign or a control character`
}

/** Headers are bytes. Node takes them as characters up to U+00FF, so this gives it the bytes of UTF-8. */
const toHeader = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** The headers that describe the events of a source: name, host, category and fields. */
export function sumoLogicHeaders(described: DescribedSource): Readonly<Record<string, string>> {
  const { collector, source } = described
  const category = source.category ?? collector.category ?? ''
  const fields = Object.entries(listFields(described)).map(([name, value]) => `${name}=${value}`)
  return {
    'x-sumo-name': toHeader(source.name),
    'x-sumo-host': new URL(source.baseUrl).hostname,
    ...(category !== '' && { 'x-sumo-category': toHeader(category) }),
    ...(fields.length > 0 && { 'x-sumo-fields': toHeader(fields.join(',')) }),
  }
}
