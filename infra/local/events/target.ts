import type { EventEnvelope } from '../gateway/events/put-events.ts'
import { isAccessDenied } from '../iam/access-denied.ts'
import type { Authorizer } from '../iam/authorizer.ts'
import { arnFits } from '../iam/wildcard.ts'
import type { OnNotice } from '../notice.ts'
import type { Deployment, FunctionResource, RuleResource, TargetResource } from '../template/model.ts'
import type { QueueFiles } from './queue-files.ts'

const EVENTS_SERVICE = 'events.amazonaws.com'

export interface TargetParts {
  readonly deployment: Deployment
  readonly authorizer: Authorizer
  readonly queues: QueueFiles
  readonly invoke: (functionArn: string, payload: string) => void
  readonly onNotice: OnNotice
}

/** Whether the function's resource policy lets this rule in. */
const permits = (target: FunctionResource, rule: RuleResource): boolean =>
  target.permissions.some(
    ({ principal, action, sourceArn }) =>
      principal === EVENTS_SERVICE &&
      action === 'lambda:InvokeFunction' &&
      (sourceArn === undefined || arnFits(sourceArn, rule.arn)),
  )

/** What the target is given: JSON text. */
function inputOf(target: TargetResource, envelope: EventEnvelope): string {
  if (target.input !== undefined) return target.input
  const path = target.inputPath?.replace(/^\$\.?/, '') ?? ''
  const names = path === '' ? [] : path.split('.')
  const part = names.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | null)?.[name],
    envelope,
  )
  return JSON.stringify(part) ?? 'null'
}

/** Throws for a target that the stage has no way to reach. */
export function refuseUnknownTargets({ rules, functions }: Deployment): void {
  for (const rule of rules) {
    for (const target of rule.targets) {
      if (functions.some(({ arn }) => arn === target.arn)) continue
      throw new Error(`${rule.logicalId} has a target that the local stage cannot reach: ${target.arn}`)
    }
  }
}

/** Delivers an event to every target of a rule; what a target may not be given goes to its dead-letter queue. */
export function createDelivery(parts: TargetParts) {
  const { deployment, invoke } = parts
  return (rule: RuleResource, envelope: EventEnvelope): void => {
    for (const target of rule.targets) {
      const resource = deployment.functions.find(({ arn }) => arn === target.arn)
      if (resource && permits(resource, rule)) invoke(target.arn, inputOf(target, envelope))
      else bury(parts, { rule, target, envelope })
    }
  }
}

interface Undelivered {
  readonly rule: RuleResource
  readonly target: TargetResource
  readonly envelope: EventEnvelope
}

/** Why the queue may not take it, if so. */
function queueRefusal(
  { authorizer }: TargetParts,
  rule: RuleResource,
  queueArn: string | undefined,
): string | undefined {
  if (queueArn === undefined) return 'it has no dead-letter queue'
  try {
    const call = {
      service: EVENTS_SERVICE,
      sourceArn: rule.arn,
      action: 'sqs:SendMessage',
      resource: queueArn,
    }
    authorizer.authorizeService(call)
    return undefined
  } catch (error) {
    if (isAccessDenied(error)) return error.message
    throw error
  }
}

function bury(parts: TargetParts, { rule, target, envelope }: Undelivered): void {
  const reason = `${rule.logicalId} may not invoke ${target.arn}: no AWS::Lambda::Permission lets ${EVENTS_SERVICE} in for this rule`
  const refusal = queueRefusal(parts, rule, target.deadLetterArn)
  if (refusal !== undefined || target.deadLetterArn === undefined) {
    parts.onNotice({ kind: 'lost event', from: rule.logicalId, reason: `${reason}; ${refusal}` })
    return
  }
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: 'NO_PERMISSIONS',
    ERROR_MESSAGE: reason,
  }
  parts.queues.send(target.deadLetterArn, JSON.stringify(envelope), { reason, attributes })
}
