/** What a rule has done with events. */
export interface RuleEffect {
  readonly name: string
  readonly filterType: string
  readonly dropped?: number
  readonly changed?: number
}

const sum = (effects: readonly RuleEffect[], what: 'dropped' | 'changed'): object => {
  const counts = effects.flatMap(effect => effect[what] ?? [])
  return counts.length === 0 ? {} : { [what]: counts.reduce((total, count) => total + count, 0) }
}

/** Each rule once, with what it has done with the events of all APIs. */
export const sumRuleEffects = (effects: readonly RuleEffect[]): readonly RuleEffect[] =>
  [...Map.groupBy(effects, ({ name }) => name)].map(([name, own]) => ({
    ...{ name, filterType: own[0]?.filterType ?? '' },
    ...sum(own, 'dropped'),
    ...sum(own, 'changed'),
  }))
