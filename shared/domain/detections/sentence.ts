import type { JsonObject } from '../ocsf/members.ts'
import { readText } from './event-values.ts'
import type { Source } from './rule.ts'

interface Phrase {
  readonly from: Source
  /** What stands there if the event does not say it. */
  readonly otherwise: string
}

/** What can stand in the braces of a rule's sentences. */
export const PHRASES: Readonly<Record<string, Phrase>> = {
  actor: { from: ['actor_details.email', 'actor_details.name', 'actor_uuid'], otherwise: 'somebody' },
  user: {
    from: [
      'target_user.email',
      'target_user.name',
      'target_user.uuid',
      'user.email',
      'user.name',
      'user.uuid',
    ],
    otherwise: 'somebody',
  },
  object: { from: ['object_details.email', 'object_details.name', 'object_uuid'], otherwise: 'somebody' },
  other: { from: ['aux_details.email', 'aux_details.name', 'aux_uuid'], otherwise: 'somebody' },
  invited: { from: ['aux_info', 'object_uuid'], otherwise: 'somebody' },
  vault: { from: ['vault_uuid', 'object_uuid'], otherwise: 'unknown' },
  group: { from: ['object_uuid'], otherwise: 'unknown' },
  item: { from: ['item_uuid'], otherwise: 'unknown' },
  role: { from: ['aux_info'], otherwise: 'unknown' },
  action: { from: ['action'], otherwise: 'no action' },
  object_type: { from: ['object_type'], otherwise: 'unknown' },
  category: { from: ['category'], otherwise: 'unknown' },
  client: { from: ['client.app_name'], otherwise: 'an unknown client' },
  country: { from: ['location.country'], otherwise: 'an unknown country' },
  address: { from: ['session.ip', 'client.ip_address', 'client.ip'], otherwise: 'an unknown address' },
}

/** Fills the braces of a rule's sentence with values of the event. */
export const fillSentence = (template: string, event: JsonObject): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const phrase = PHRASES[name]
    return phrase ? (readText(event, phrase.from) ?? phrase.otherwise) : whole
  })
