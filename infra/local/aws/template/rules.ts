import { readTransformer } from './input-transformer.ts'
import type { BusResource, RuleResource, TargetResource } from './model.ts'
import { inside, type Place, type Problems } from './problems.ts'
import { isObject, toList, toNumber, toText, valueAt, withoutUndefined } from './properties.ts'
import { findByType, propertiesPlace, type Resource } from './resolved-template.ts'
import { checkAssumedRole } from './roles.ts'

export const readBuses = (resources: readonly Resource[]): BusResource[] =>
  findByType(resources, 'AWS::Events::EventBus').map(({ logicalId, name, arn }) => ({ logicalId, name, arn }))

export const readRules = (resources: readonly Resource[], problems: Problems): RuleResource[] =>
  findByType(resources, 'AWS::Events::Rule').map(rule => {
    const { logicalId, name, arn, properties } = rule
    const pattern = properties['EventPattern']
    checkRoles(rule, resources, problems)
    return withoutUndefined({
      logicalId,
      name,
      arn,
      busName: toText(properties['EventBusName'])?.split('/').at(-1) ?? 'default',
      enabled: (properties['State'] ?? 'ENABLED') === 'ENABLED',
      everyMs: readInterval(rule, problems),
      pattern: isObject(pattern) ? pattern : undefined,
      targets: toList(properties['Targets']).map((target, index) => {
        const place = inside(inside(inside(propertiesPlace(rule), 'Targets'), index), 'InputTransformer')
        return readTarget(target, place, problems)
      }),
    })
  })

function checkRoles(rule: Resource, resources: readonly Resource[], problems: Problems): void {
  for (const [index, target] of toList(rule.properties['Targets']).entries()) {
    const roleArn = toText(valueAt(target, 'RoleArn'))
    if (roleArn === undefined) continue
    const path = `Targets[${index}].RoleArn`
    checkAssumedRole({ roleArn, path, by: rule, service: 'events.amazonaws.com' }, resources, problems)
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

function readInterval(rule: Resource, problems: Problems): number | undefined {
  const expression = toText(rule.properties['ScheduleExpression'])
  if (expression === undefined) return undefined
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? []
  const interval = Number(count) * (UNIT_MS[unit] ?? Number.NaN)
  if (interval > 0) return interval
  problems.add(inside(propertiesPlace(rule), 'ScheduleExpression'), `${expression} is not a rate`)
  return undefined
}

/** By default EventBridge retries 185 times, for at most 24 hours. */
const readTarget = (target: unknown, place: Place, problems: Problems): TargetResource =>
  withoutUndefined({
    id: toText(valueAt(target, 'Id')) ?? '',
    arn: toText(valueAt(target, 'Arn')) ?? '',
    roleArn: toText(valueAt(target, 'RoleArn')),
    deadLetterArn: toText(valueAt(target, 'DeadLetterConfig.Arn')),
    retryAttempts: toNumber(valueAt(target, 'RetryPolicy.MaximumRetryAttempts')) ?? 185,
    maxEventAgeMs: (toNumber(valueAt(target, 'RetryPolicy.MaximumEventAgeInSeconds')) ?? 86_400) * 1000,
    input: toText(valueAt(target, 'Input')),
    inputPath: toText(valueAt(target, 'InputPath')),
    transformer: readTransformer(target, place, problems),
  })
