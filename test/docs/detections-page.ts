import { DEFAULT_LISTS } from '../../shared/domain/detections/lists.ts'
import type { Condition, Rule, Source } from '../../shared/domain/detections/rule.ts'
import { RULES } from '../../shared/domain/detections/rules.ts'
import { ATTACK_VERSION } from '../../shared/domain/detections/techniques.ts'
import { code, codeList, table } from './markdown.ts'

const STREAMS = {
  'sign-in': 'sign-in attempts',
  itemUsage: 'item usages',
  auditEvents: 'audit events',
} as const

const first = (source: Source): string => source.map(code).join(' or ')

function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'word':
      return `${code(condition.member)} is ${condition.words.map(code).join(', ')}`
    case 'listed':
      return `${first(condition.source)} is in ${code(condition.list)}`
    case 'unlisted':
      return `${first(condition.source)} is there and not in ${code(condition.list)}`
    case 'same':
      return `${first(condition.sources[0])} is the same as ${first(condition.sources[1])}`
    case 'different':
      return `${first(condition.sources[0])} is not the same as ${first(condition.sources[1])}`
    case 'other-ending':
      return `${first(condition.source)} does not end with ${code(condition.ending)}`
    case 'after':
      return `at most ${condition.memory.withinMs / 60_000} minutes after an event that left ${code(condition.memory.name)} for ${condition.by.map(first).join(' and ')}`
  }
}

function describeLeft({ leaves }: Rule): string[] {
  if (!leaves) return []
  return [`- leaves ${code(leaves.memory.name)} for ${leaves.by.map(first).join(' and ')}`]
}

const describeTechnique = ({ technique: { tactic, technique, subTechnique } }: Rule): string =>
  `${subTechnique.uid} ${technique.name}: ${subTechnique.name} (${tactic.name})`

const describeRule = (rule: Rule): string =>
  [
    `### ${rule.title}`,
    [
      `- id ${code(rule.id)}, severity ${rule.severity}, ${describeTechnique(rule)}`,
      `- looks at ${STREAMS[rule.api]}`,
      ...rule.when.map(condition => `- if ${describeCondition(condition)}`),
      ...describeLeft(rule),
    ].join('\n'),
    `${rule.says} ${rule.lookAt}`,
    `Covers: ${rule.covers.join('; ')}. ${rule.differs}`,
  ].join('\n\n')

/** Makes the page about detections from the rules. */
export const makeDetectionsPage = (): string =>
  `${[
    '# Detections',
    'This page is made from the code, in `shared/domain/detections/`. After a change there, `npm run docs` writes it anew. A test holds the two equal. Nothing calls the rules yet.',
    'Each rule looks at one event. Every rule can fire: a test fires it with the words of the vendor, and has an event beside it that does not fire it. The vendor does not say which action goes with which object, so the pairs are those of the public rules that a rule covers.',
    `A finding is an [OCSF](ocsf.md) Detection Finding, class 2004. The same event and rule always give it the same id. The names of techniques are those of MITRE ATT&CK ${ATTACK_VERSION}.`,
    '## Rules',
    table(
      ['id', 'severity', 'technique', 'stream'],
      RULES.map(rule => [code(rule.id), rule.severity, rule.technique.subTechnique.uid, STREAMS[rule.api]]),
    ),
    '## Lists',
    'Entries count in any case of letters.',
    table(
      ['list', 'default'],
      Object.entries(DEFAULT_LISTS).map(([name, entries]) => [
        code(name),
        codeList(entries) || 'empty: its rules are silent',
      ]),
    ),
    '## What each rule says',
    ...RULES.map(describeRule),
  ].join('\n\n')}\n`
