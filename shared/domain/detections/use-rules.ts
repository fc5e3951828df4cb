import { listed, type Rule, unlisted, word } from './rule.ts'
import { PASSWORD_MANAGERS, VALID_ACCOUNTS } from './techniques.ts'

/** Rules about the use of items, and about where people come from. */
export const USE_RULES: readonly Rule[] = [
  {
    id: 'vault-exported',
    title: 'Vault exported',
    severity: 'Medium',
    technique: PASSWORD_MANAGERS,
    api: 'auditEvents',
    when: [word('object_type', 'vault'), word('action', 'export')],
    says: '{actor} exported the vault {vault} from {address}.',
    lookAt: 'Ask {actor} why, and where the file is. An export is not encrypted.',
    covers: ['Microsoft Sentinel: Vault Export', 'mantissa-log: rules for exports'],
    differs:
      "Sentinel's severity is Low, and its alert has no address, since it reads a member that audit events do not have. mantissa-log's rules cannot fire.",
  },
  {
    id: 'unusual-client',
    title: 'Sign-in with an unusual client',
    severity: 'Medium',
    technique: VALID_ACCOUNTS,
    api: 'sign-in',
    when: [unlisted(['client.app_name'], 'knownClients')],
    says: '{user} signed in, or tried to, with the client {client} from {address} ({category}).',
    lookAt: 'Find out what {client} is. Add it to the known clients if the company uses it.',
    covers: ['Panther: onepassword_unusual_client'],
    differs: 'The known clients are a setting. An attempt that names no client is silent.',
  },
  {
    id: 'sensitive-item-used',
    title: 'Sensitive item used',
    severity: 'Medium',
    technique: PASSWORD_MANAGERS,
    api: 'itemUsage',
    when: [listed(['item_uuid'], 'sensitiveItems')],
    says: '{user} used the sensitive item {item} ({action}) with {client} from {address}.',
    lookAt: 'Check that {user} needed the item at this time.',
    covers: ['Panther: onepassword_sensitive_item_access', 'Panther: onepassword_lut_sensitive_item_access'],
    differs:
      'The sensitive items are a setting. There is no look-up of titles, since the API does not tell them.',
  },
  {
    id: 'event-from-blocked-country',
    title: 'Administrative event from a blocked country',
    severity: 'High',
    technique: VALID_ACCOUNTS,
    api: 'auditEvents',
    when: [listed(['location.country'], 'blockedCountries')],
    says: '{actor} did something in the audit log ({object_type}.{action}) from {country}, address {address}.',
    lookAt: 'Ask {actor} where they were. Block the country in the firewall rules of the account.',
    covers: ['Sumo Logic: alert 5'],
    differs: 'The countries are a setting. The API sends codes and names, so the list needs both.',
  },
]
