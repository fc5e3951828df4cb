import { clientMembers, locationMembers, pickActor, userMembersForV2 } from './actor.ts'
import type { EventContext, EventKind } from './made-up-event.ts'

/** How often each action occurs (docs/reference/events-api.md, "Item usages"). */
const ACTIONS = {
  fill: 450,
  reveal: 130,
  'secure-copy': 160,
  'server-fetch': 90,
  'server-update': 40,
  'server-create': 20,
  'enter-item-edit-mode': 30,
  'select-sso-provider': 20,
  share: 10,
  export: 3,
  other: 6,
} as const

/** Apps from before 8.4.0 leave the action out, and some apps send it empty. */
const OLD_APP_WEIGHT = 70
const EMPTY_ACTION_WEIGHT = 4

function itemUsage(context: EventContext, action: string | undefined): object {
  const { world, random, uuid, timestamp } = context
  const actor = pickActor(context, ({ old }) => old === (action === undefined))
  const vault = random.pick(actor.person.vaults)
  const item = random.pick(vault.items)
  return {
    uuid,
    timestamp,
    used_version: item.version,
    vault_uuid: vault.uuid,
    item_uuid: item.uuid,
    ...(action === undefined ? {} : { action }),
    user: userMembersForV2(actor.person, random),
    client: clientMembers(actor),
    ...locationMembers(actor.place, random),
    ...(random.chance(0.9) ? { account_uuid: world.accountUuid } : {}),
  }
}

const kind = (action: string | undefined, weight: number): EventKind => ({
  weight,
  build: context => itemUsage(context, action),
})

export const ITEM_USAGE_KINDS: readonly EventKind[] = [
  ...Object.entries(ACTIONS).map(([action, weight]) => kind(action, weight)),
  kind(undefined, OLD_APP_WEIGHT),
  kind('', EMPTY_ACTION_WEIGHT),
]
