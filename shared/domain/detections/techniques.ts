/** A technique of MITRE ATT&CK, with the tactic that it serves here. */
export interface Technique {
  readonly tactic: Named
  readonly technique: Named
  readonly subTechnique: Named
}

interface Named {
  readonly uid: string
  readonly name: string
}

/** The version of ATT&CK whose names these are. */
export const ATTACK_VERSION = '17.1'

const INITIAL_ACCESS = { uid: 'TA0001', name: 'Initial Access' }
const PERSISTENCE = { uid: 'TA0003', name: 'Persistence' }
const PRIVILEGE_ESCALATION = { uid: 'TA0004', name: 'Privilege Escalation' }
const DEFENSE_EVASION = { uid: 'TA0005', name: 'Defense Evasion' }
const CREDENTIAL_ACCESS = { uid: 'TA0006', name: 'Credential Access' }

const ACCOUNT_MANIPULATION = { uid: 'T1098', name: 'Account Manipulation' }

export const TRUST_MODIFICATION: Technique = {
  tactic: DEFENSE_EVASION,
  technique: { uid: 'T1484', name: 'Domain or Tenant Policy Modification' },
  subTechnique: { uid: 'T1484.002', name: 'Trust Modification' },
}

export const FIREWALL_MODIFICATION: Technique = {
  tactic: DEFENSE_EVASION,
  technique: { uid: 'T1562', name: 'Impair Defenses' },
  subTechnique: { uid: 'T1562.007', name: 'Disable or Modify Cloud Firewall' },
}

export const MFA_MODIFICATION: Technique = {
  tactic: CREDENTIAL_ACCESS,
  technique: { uid: 'T1556', name: 'Modify Authentication Process' },
  subTechnique: { uid: 'T1556.006', name: 'Multi-Factor Authentication' },
}

export const ADDITIONAL_CREDENTIALS: Technique = {
  tactic: PERSISTENCE,
  technique: ACCOUNT_MANIPULATION,
  subTechnique: { uid: 'T1098.001', name: 'Additional Cloud Credentials' },
}

export const ADDITIONAL_ROLES: Technique = {
  tactic: PRIVILEGE_ESCALATION,
  technique: ACCOUNT_MANIPULATION,
  subTechnique: { uid: 'T1098.003', name: 'Additional Cloud Roles' },
}

export const ADDITIONAL_GROUPS: Technique = {
  tactic: PRIVILEGE_ESCALATION,
  technique: ACCOUNT_MANIPULATION,
  subTechnique: { uid: 'T1098.007', name: 'Additional Local or Domain Groups' },
}

export const NEW_ACCOUNT: Technique = {
  tactic: PERSISTENCE,
  technique: { uid: 'T1136', name: 'Create Account' },
  subTechnique: { uid: 'T1136.003', name: 'Cloud Account' },
}

export const VALID_ACCOUNTS: Technique = {
  tactic: INITIAL_ACCESS,
  technique: { uid: 'T1078', name: 'Valid Accounts' },
  subTechnique: { uid: 'T1078.004', name: 'Cloud Accounts' },
}

export const PASSWORD_MANAGERS: Technique = {
  tactic: CREDENTIAL_ACCESS,
  technique: { uid: 'T1555', name: 'Credentials from Password Stores' },
  subTechnique: { uid: 'T1555.005', name: 'Password Managers' },
}
