import { readTransformer } from './input-transformer.ts'
import type { BusResource, RuleResource, TargetResource } from './model.ts'
import { inside, type Place, type Problems } from './problems.ts'
import { at, defined, isObject, list, number, text } from './properties.ts'
import type { Resource } from './resolved-template.ts'
import { checkAssumedRole } from './roles.ts'
import { ofType, propertiesOf } from './storage.ts'

export const readBuses = (resources: readonly Resource[]): BusResource[] =>
  ofType(resources, 'AWS::Events::EventBus').map(({ logicalId, name, arn }) => ({ logicalId, name, arn }))

export const readRules = (resources: readonly Resource[], problems: Problems): RuleResource[] =>
  ofType(resources, 'AWS::Events::Rule').map(rule => {
    const { logicalId, name, arn, properties } = rule
    const pattern = properties['EventPattern']
    checkRoles(rule, resources, problems)
    return defined({
      logicalId,
      name,
      arn,
      busName: text(properties['EventBusName'])?.split('/').at(-1) ?? 'default',
      enabled: (properties['State'] ?? 'ENABLED') === 'ENABLED',
      everyMs: intervalOf(rule, problems),
      pattern: isObject(pattern) ? pattern : undefined,
      targets: list(properties['Targets']).map((target, index) => {
        const place = inside(inside(inside(propertiesOf(rule), 'Targets'), index), 'InputTransformer')
        return readTarget(target, place, problems)
      }),
    })
  })

function checkRoles(rule: Resource, resources: readonly Resource[], problems: Problems): void {
  for (const [index, target] of list(rule.properties['Targets']).entries()) {
    const roleArn = text(at(target, 'RoleArn'))
    if (roleArn === undefined) continue
    const path = `Targets[${index}].RoleArn`
    checkAssumedRole({ roleArn, path, by: rule, service: 'events.amazonaws.com' }, resources, problems)
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

function intervalOf(rule: Resource, problems: Problems): number | undefined {
  const expression = text(rule.properties['ScheduleExpression'])
  if (expression === undefined) return undefined
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? []
  const interval = Number(count) * (UNIT_MS[unit] ?? Number.NaN)
  if (interval > 0) return interval
  problems.add(inside(propertiesOf(rule), 'ScheduleExpression'), `${expression} is not a rate`)
  return undefined
}

/** EventBridge tries for 24 hours and 185 times unless it is told otherwise. */
const readTarget = (target: unknown, place: Place, problems: Problems): TargetResource =>
  defined({
    id: text(at(target, 'Id')) ?? '',
    arn: text(at(target, 'Arn')) ?? '',
    roleArn: text(at(target, 'RoleArn')),
    deadLetterArn: text(at(target, 'DeadLetterConfig.Arn')),
    retryAttempts: number(at(target, 'RetryPolicy.MaximumRetryAttempts')) ?? 185,
    maxEventAgeMs: (number(at(target, 'RetryPolicy.MaximumEventAgeInSeconds')) ?? 86_400) * 1000,
    input: text(at(target, 'Input')),
    inputPath: text(at(target, 'InputPath')),
    transformer: readTransformer(target, place, problems),
  })
