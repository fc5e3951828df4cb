import type { EventsApiAnswer, EventsApiCall } from '../../shared/ports.ts'
import type { FaultPlan } from './fault-plan.ts'

/** Changes pages on their way to a function. Once an event is damaged, it stays so. */
type DamagePages = (call: EventsApiCall, answer: EventsApiAnswer) => EventsApiAnswer

/** What a damaged event begins with. Its uuid stays where a check can find it. Latin-1: the last is not UTF-8. */
const DAMAGES = ['"bad":NaN,', '"bad":\t,', '"bad":"\xff",'] as const

/** What a page may say otherwise, or leave out, without meaning anything else. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/"has_more":false,/, ''],
  [/"has_more":false/, '"has_more":null'],
  [/,"items":\[\]/, ''],
  [/"items":\[\]/, '"items":null'],
  [/"items":\[(?=\{)/, '"items":[null,'],
  [/"cursor":"[^"]*",(?="has_more":false,"items":\[\])/, ''],
]

const UUIDS = /\{"uuid":"([^"]+)",/g

/** For some time the last pages of a stream have no cursor, if they have events. */
export function createCursorLosses(plan: FaultPlan): DamagePages {
  const left = new Map<string, number>()
  if (!plan.active.has('api-no-cursors')) return (_, answer) => answer
  return ({ method, path, token }, answer) => {
    if (method !== 'POST' || answer.status !== 200) return answer
    const text = Buffer.from(answer.body).toString('latin1')
    const lost = text.replace(/"cursor":"[^"]*",(?="has_more":false,"items":\[\{)/, '')
    if (lost === text) return answer
    const stream = `${token}${path}`
    const random = plan.random('api-no-cursors')
    if (plan.strikes('api-no-cursors')) left.set(stream, 1 + random.integer(9))
    const times = left.get(stream) ?? 0
    left.set(stream, times - 1)
    return times > 0 ? { ...answer, body: Buffer.from(lost, 'latin1') } : answer
  }
}

interface Damage {
  readonly damagePages: DamagePages
  readonly isDamaged: (uuid: string) => boolean
}

export function createDamage(plan: FaultPlan): Damage {
  const damaged = new Map<string, string>()

  /** Damages one event of a page for ever, and may spell the page in another way. */
  function strike(text: string): string {
    const random = plan.random('api-damage')
    const uuids = Array.from(text.matchAll(UUIDS), ([, uuid = '']) => uuid)
    if (uuids.length > 0 && random.chance(0.3)) damaged.set(random.pick(uuids), random.pick(DAMAGES))
    const [pattern, spelling] = random.pick(SPELLINGS)
    return text.replace(pattern, spelling)
  }

  if (!plan.active.has('api-damage')) return { damagePages: (_, answer) => answer, isDamaged: () => false }
  const damagePages: DamagePages = ({ method }, answer) => {
    if (method !== 'POST' || answer.status !== 200) return answer
    const text = Buffer.from(answer.body).toString('latin1')
    const struck = plan.strikes('api-damage') ? strike(text) : text
    if (damaged.size === 0 && struck === text) return answer
    const body = struck.replaceAll(UUIDS, (begin, uuid: string) =>
      damaged.has(uuid) ? `{${damaged.get(uuid)}${begin.slice(1)}` : begin,
    )
    return { ...answer, body: Buffer.from(body, 'latin1') }
  }
  return { damagePages, isDamaged: uuid => damaged.has(uuid) }
}
