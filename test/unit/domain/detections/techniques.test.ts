import { describe, expect, it } from 'vitest'
import { RULES } from '../../../../shared/domain/detections/rules.ts'

/** By the pages of MITRE ATT&CK. */
const ATTACK_NAMES: Readonly<Record<string, string>> = {
  TA0001: 'Initial Access',
  TA0003: 'Persistence',
  TA0004: 'Privilege Escalation',
  TA0005: 'Defense Evasion',
  TA0006: 'Credential Access',
  T1078: 'Valid Accounts',
  'T1078.004': 'Cloud Accounts',
  T1098: 'Account Manipulation',
  'T1098.001': 'Additional Cloud Credentials',
  'T1098.003': 'Additional Cloud Roles',
  'T1098.007': 'Additional Local or Domain Groups',
  T1136: 'Create Account',
  'T1136.003': 'Cloud Account',
  T1484: 'Domain or Tenant Policy Modification',
  'T1484.002': 'Trust Modification',
  T1555: 'Credentials from Password Stores',
  'T1555.005': 'Password Managers',
  T1556: 'Modify Authentication Process',
  'T1556.006': 'Multi-Factor Authentication',
  T1562: 'Impair Defenses',
  'T1562.007': 'Disable or Modify Cloud Firewall',
}

/** The tactics of ATT&CK that a technique serves. */
const TACTICS: Readonly<Record<string, string>> = {
  T1078: 'TA0001 TA0003 TA0004 TA0005',
  T1098: 'TA0003 TA0004',
  T1136: 'TA0003',
  T1484: 'TA0004 TA0005',
  T1555: 'TA0006',
  T1556: 'TA0003 TA0005 TA0006',
  T1562: 'TA0005',
}

describe('the technique', () => {
  it.each(RULES)('of $id has the names of ATT&CK, and serves its tactic', ({ technique }) => {
    for (const { uid, name } of Object.values(technique)) expect(name).toBe(ATTACK_NAMES[uid])
    expect(TACTICS[technique.technique.uid]?.split(' ')).toContain(technique.tactic.uid)
  })
})
