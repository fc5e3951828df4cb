import { otherEnding, type Rule, word } from './rule.ts'
import {
  ADDITIONAL_CREDENTIALS,
  FIREWALL_MODIFICATION,
  MFA_MODIFICATION,
  NEW_ACCOUNT,
  TRUST_MODIFICATION,
} from './techniques.ts'

const WHOLE_WORDS =
  'It compares whole words, not parts of them, and looks at an event when it is delivered, however late.'

/** Rules about the account's own protection, and about new ways in. */
export const ACCOUNT_RULES: readonly Rule[] = [
  {
    id: 'sso-configuration-changed',
    title: 'Single sign-on configuration changed',
    severity: 'High',
    technique: TRUST_MODIFICATION,
    api: 'auditEvents',
    when: [
      word('object_type', 'sso'),
      word('action', 'enblsso disblsso chngpsso chngasso chngdsso addgsso delgsso'),
    ],
    says: '{actor} changed the configuration of single sign-on ({action}) from {address}.',
    lookAt:
      'Ask {actor} for the change request. Compare identity provider, groups and grace period in the settings of single sign-on with what they should be.',
    covers: ['Microsoft Sentinel: Changes to SSO configuration', 'Sumo Logic: alert 6'],
    differs: WHOLE_WORDS,
  },
  {
    id: 'firewall-rules-changed',
    title: 'Firewall rules changed',
    severity: 'Medium',
    technique: FIREWALL_MODIFICATION,
    api: 'auditEvents',
    when: [word('object_type', 'account'), word('action', 'updatfw')],
    says: '{actor} changed the firewall rules of the account from {address}.',
    lookAt:
      'Compare the firewall rules with what they should be. Look for sign-ins from places that they used to refuse.',
    covers: ['Microsoft Sentinel: Changes to firewall rules', 'Sumo Logic: alert 6'],
    differs: WHOLE_WORDS,
  },
  {
    id: 'mfa-disabled-for-all',
    title: 'Two-factor authentication disabled for everybody',
    severity: 'High',
    technique: MFA_MODIFICATION,
    api: 'auditEvents',
    when: [word('object_type', 'account'), word('action', 'disblmfa')],
    says: '{actor} turned off two-factor authentication, or one kind of it, for the whole account from {address}.',
    lookAt:
      'Ask {actor} for the change request. Turn it on again if there is none, and look at sign-ins since then.',
    covers: ['Microsoft Sentinel: Disable MFA factor or type for all user accounts'],
    differs: WHOLE_WORDS,
  },
  {
    id: 'user-mfa-changed',
    title: 'Two-factor authentication of a user changed',
    severity: 'Low',
    technique: MFA_MODIFICATION,
    api: 'auditEvents',
    when: [word('object_type', 'user'), word('action', 'enblmfa updatmfa disblmfa')],
    says: '{actor} changed the two-factor authentication of {object} ({action}) from {address}.',
    lookAt:
      'Ask {object} whether this was a new device. Look for sign-ins of {object} from new places since then.',
    covers: ['Microsoft Sentinel: User account MFA settings changed', 'Sumo Logic: alert 4'],
    differs: 'Sumo Logic tells only of more than five changes. This rule tells of each.',
  },
  {
    id: 'service-account-token-changed',
    title: 'Service account token made, renamed, verified or revoked',
    severity: 'Low',
    technique: ADDITIONAL_CREDENTIALS,
    api: 'auditEvents',
    when: [word('object_type', 'satoken'), word('action', 'create trename tverify trevoke')],
    says: '{actor} changed or used a service account token ({action}) from {address}.',
    lookAt:
      'Find out who owns the service account and which vaults its token may read. Revoke a token that nobody knows.',
    covers: [
      'Microsoft Sentinel: Service account integration token adjustment',
      'mantissa-log: rules for service account tokens',
    ],
    differs: "It names actions that the API has. mantissa-log's rules name others and cannot fire.",
  },
  {
    id: 'service-account-created',
    title: 'Service account created',
    severity: 'Medium',
    technique: NEW_ACCOUNT,
    api: 'auditEvents',
    when: [word('object_type', 'sa'), word('action', 'create')],
    says: '{actor} created a service account from {address}.',
    lookAt: 'Ask {actor} what it is for, and which vaults its token may read.',
    covers: [
      'Microsoft Sentinel: New service account integration created',
      'mantissa-log: rules for service accounts',
    ],
    differs: "It names actions that the API has. mantissa-log's rules name others and cannot fire.",
  },
  {
    id: 'user-invited-by-hand',
    title: 'User invited by hand, not by provisioning',
    severity: 'Medium',
    technique: NEW_ACCOUNT,
    api: 'auditEvents',
    when: [
      word('object_type', 'invite'),
      word('action', 'create'),
      otherEnding(['actor_details.email'], '@1passwordserviceaccounts.com'),
    ],
    says: '{actor} invited {invited} by hand from {address}.',
    lookAt: 'Check that {invited} belongs to the company or is a guest that somebody expects.',
    covers: ['Microsoft Sentinel: Manually Invited User'],
    differs: 'An event that does not name the e-mail address of its actor counts, too.',
  },
]
