import { createHash } from 'node:crypto'
import type { Api } from '../../contract/apis.ts'
import { DETECTION_FINDING, OCSF_VERSION } from '../ocsf/event-class.ts'
import type { JsonObject } from '../ocsf/members.ts'
import { findObservables } from '../ocsf/observables.ts'
import { classify, type OcsfEvent, toOcsfEvent } from '../ocsf/ocsf-event.ts'
import { readText } from './event-values.ts'
import type { Rule, Severity } from './rule.ts'
import { fillSentence } from './sentence.ts'
import { ATTACK_VERSION } from './techniques.ts'

export const SEVERITY_IDS: Readonly<Record<Severity, number>> = { Low: 2, Medium: 3, High: 4 }

const CREATE = { id: 1, caption: 'Create' }
const PRODUCT = { name: 'onepassword-source', vendor_name: 'onepassword-source' }
const UID_LENGTH = 32

/** The same event and rule always have the same id, so that a repeat is recognised. */
function toFindingUid({ id }: Rule, event: JsonObject): string {
  const uuid = readText(event, ['uuid']) ?? JSON.stringify(event)
  return createHash('sha256')
    .update(JSON.stringify([id, uuid]))
    .digest('hex')
    .slice(0, UID_LENGTH)
}

const attackOf = ({ technique: { tactic, technique, subTechnique } }: Rule) => ({
  tactic,
  technique,
  sub_technique: subTechnique,
  version: ATTACK_VERSION,
})

/** What of the OCSF event can be evidence. */
const EVIDENCE = ['actor', 'api', 'src_endpoint', 'user'] as const

const pickPresent = (from: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.filter(name => from[name] !== undefined).map(name => [name, from[name]]))

/** A group that is given access to a vault has one resource, a user has a list. */
function listResources({ resources, resource }: OcsfEvent): readonly unknown[] {
  if (Array.isArray(resources)) return resources
  return resource === undefined ? [] : [resource]
}

function findingInfo(rule: Rule, event: JsonObject, ocsf: OcsfEvent, deliveredMs: number) {
  return {
    uid: toFindingUid(rule, event),
    title: rule.title,
    desc: fillSentence(rule.says, event),
    analytic: { uid: rule.id, name: rule.title, type_id: 1, type: 'Rule' },
    attacks: [attackOf(rule)],
    created_time: deliveredMs,
    first_seen_time: ocsf.time,
    last_seen_time: ocsf.time,
    related_events: [
      {
        uid: readText(event, ['uuid']) ?? 'unknown',
        type_uid: ocsf.type_uid,
        type_name: ocsf.type_name,
      },
    ],
  }
}

/** Makes the OCSF Detection Finding of a rule that holds for an event. It is created when the event is delivered. */
export function toFinding(rule: Rule, api: Api, event: JsonObject, deliveredMs: number): OcsfEvent {
  const ocsf = toOcsfEvent(api, event, { deliveredMs })
  const info = findingInfo(rule, event, ocsf, deliveredMs)
  const evidence = pickPresent(ocsf, EVIDENCE)
  const resources = listResources(ocsf)
  const observables = findObservables(evidence).map(each => ({ ...each, name: `evidences[].${each.name}` }))
  return {
    ...classify(DETECTION_FINDING, CREATE),
    severity_id: SEVERITY_IDS[rule.severity],
    severity: rule.severity,
    status_id: 1,
    status: 'New',
    time: deliveredMs,
    message: info.desc,
    is_alert: true,
    metadata: {
      version: OCSF_VERSION,
      product: PRODUCT,
      uid: info.uid,
      logged_time: deliveredMs,
      ...pickPresent(ocsf['metadata'] as JsonObject, ['tenant_uid']),
    },
    finding_info: info,
    evidences: [evidence],
    remediation: { desc: fillSentence(rule.lookAt, event) },
    ...(resources.length > 0 && { resources }),
    ...(observables.length > 0 && { observables }),
  }
}
