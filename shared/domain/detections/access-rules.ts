import {
  after,
  different,
  listed,
  type Memory,
  type Rule,
  type Source,
  same,
  unlisted,
  word,
} from './rule.ts'
import { ADDITIONAL_GROUPS, ADDITIONAL_ROLES, PASSWORD_MANAGERS } from './techniques.ts'

const ACTOR: Source = ['actor_uuid', 'actor_details.uuid']
const OTHER: Source = ['aux_uuid', 'aux_details.uuid']
const OBJECT: Source = ['object_uuid']

const HOUR_MS = 3_600_000

/** Somebody has given themselves access to a vault. */
const ACCESS_TAKEN: Memory = { name: 'access-taken', withinMs: HOUR_MS }

/** Rules about who may read secrets. */
export const ACCESS_RULES: readonly Rule[] = [
  {
    id: 'privileged-vault-rights-changed',
    title: 'Rights on a privileged vault changed',
    severity: 'High',
    technique: ADDITIONAL_ROLES,
    api: 'auditEvents',
    when: [
      word('object_type', 'uva gva'),
      word('action', 'grant revoke update'),
      listed(OBJECT, 'privilegedVaults'),
    ],
    says: '{actor} changed the rights of {other} on the privileged vault {vault} ({action}) from {address}.',
    lookAt:
      'Ask {actor} for the request. Take the rights back if there is none, and look at the use of the vault since then.',
    covers: ['Microsoft Sentinel: Privileged vault permission change', 'Sumo Logic: alert 1'],
    differs: 'The privileged vaults are a setting, not a list in the text of the rule.',
  },
  {
    id: 'vault-access-granted',
    title: 'Access to a vault granted',
    severity: 'Low',
    technique: ADDITIONAL_ROLES,
    api: 'auditEvents',
    when: [
      word('object_type', 'uva'),
      word('action', 'grant'),
      unlisted(OBJECT, 'privilegedVaults'),
      different(ACTOR, OTHER),
    ],
    says: '{actor} gave {other} access to the vault {vault} from {address}.',
    lookAt: 'Check that {other} needs the vault.',
    covers: ['Microsoft Sentinel: Non-privileged vault user permission change', 'Sumo Logic: alert 3'],
    differs: 'Privileged vaults, and access that somebody gives to themselves, have rules of their own.',
  },
  {
    id: 'added-to-privileged-group',
    title: 'User added to a privileged group',
    severity: 'High',
    technique: ADDITIONAL_GROUPS,
    api: 'auditEvents',
    when: [
      word('object_type', 'gm'),
      word('action', 'join'),
      listed(OBJECT, 'privilegedGroups'),
      different(ACTOR, OTHER),
    ],
    says: '{actor} added {other} to the privileged group {group} from {address}. (Role: {role}.)',
    lookAt: 'Ask {actor} for the request. R is a member, A a manager of the group.',
    covers: ['Microsoft Sentinel: User added to privileged group', 'Sumo Logic: alert 1'],
    differs: 'The privileged groups are a setting, not a list in the text of the rule.',
  },
  {
    id: 'own-rights-raised-by-group',
    title: 'User raised their own rights by a group',
    severity: 'High',
    technique: ADDITIONAL_GROUPS,
    api: 'auditEvents',
    when: [word('object_type', 'gm'), word('action', 'join role'), same(ACTOR, OTHER)],
    says: '{actor} joined the group {group}, or changed their own role in it ({action}), from {address}.',
    lookAt: 'Ask another administrator whether this was agreed. Look at the vaults that the group can read.',
    covers: ['Microsoft Sentinel: Potential insider privilege escalation via group'],
    differs: 'It looks at an event when it is delivered, however late.',
  },
  {
    id: 'own-rights-raised-by-vault',
    title: 'User raised their own rights on a vault',
    severity: 'High',
    technique: ADDITIONAL_ROLES,
    api: 'auditEvents',
    when: [word('object_type', 'uva'), word('action', 'grant update'), same(ACTOR, OTHER)],
    says: '{actor} gave themselves more rights on the vault {vault} ({action}) from {address}.',
    lookAt:
      'Ask another administrator whether this was agreed. Look at what {actor} used in the vault since then.',
    covers: ['Microsoft Sentinel: Potential insider privilege escalation via vault'],
    differs: 'It looks at an event when it is delivered, however late.',
    leaves: { memory: ACCESS_TAKEN, by: [ACTOR, OBJECT] },
  },
  {
    id: 'access-taken-then-secrets-read',
    title: 'User took access to a vault, then read its secrets',
    severity: 'High',
    technique: PASSWORD_MANAGERS,
    api: 'itemUsage',
    when: [
      word('action', 'server-fetch reveal secure-copy'),
      after(ACCESS_TAKEN, [['user.uuid'], ['vault_uuid']]),
    ],
    says: '{user} read the item {item} ({action}) in the vault {vault}, to which they had given themselves access within the hour before.',
    lookAt:
      'Treat the secrets of the vault as known to {user}. Ask another administrator whether this was agreed, and change the secrets if not.',
    covers: ['Microsoft Sentinel: Secret Extraction Post Vault Access Change By Administrator'],
    differs:
      'The hour is counted between the times of the events, so a late item usage counts. An item usage that is delivered before the event that gave access does not.',
  },
]
