import { isAccessDenied } from '../iam/access-denied.ts'
import type { Authorizer } from '../iam/authorizer.ts'
import { arnFits } from '../iam/wildcard.ts'
import type { OnNotice } from '../reports.ts'
import type {
  Deployment,
  FunctionResource,
  LogGroupResource,
  RuleResource,
  StateMachineResource,
  TargetResource,
} from '../template/model.ts'
import type { EventEnvelope } from './put-events.ts'
import type { QueueFiles } from './queue-files.ts'
import { inputOf } from './target-input.ts'
import type { ToldFiles } from './told-files.ts'

const EVENTS_SERVICE = 'events.amazonaws.com'

export interface TargetParts {
  readonly deployment: Deployment
  readonly authorizer: Authorizer
  readonly queues: QueueFiles
  readonly told: ToldFiles
  readonly invoke: (functionArn: string, payload: string) => void
  /** `input` is JSON text. */
  readonly startExecution: (machineArn: string, input: string) => void
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

/** A target as the stage reaches it. */
interface Reachable {
  /** Why the rule may not deliver here, if so. */
  readonly refusal: (rule: RuleResource) => string | undefined
  readonly accept: (input: string) => void
}

/** Whether a resource's policy lets EventBridge act there for a rule. */
const policyRefusal =
  ({ authorizer }: Pick<TargetParts, 'authorizer'>, action: string, resource: string) =>
  ({ arn: sourceArn }: RuleResource): string | undefined =>
    refusalOf(() => authorizer.authorizeService({ service: EVENTS_SERVICE, sourceArn, action, resource }))

function refusalOf(authorize: () => void): string | undefined {
  try {
    authorize()
    return undefined
  } catch (error) {
    if (isAccessDenied(error)) return error.message
    throw error
  }
}

const functionTarget = (resource: FunctionResource, invoke: TargetParts['invoke']): Reachable => ({
  refusal: rule =>
    permits(resource, rule)
      ? undefined
      : `${rule.logicalId} may not invoke ${resource.arn}: no AWS::Lambda::Permission lets ${EVENTS_SERVICE} in for this rule`,
  accept: input => invoke(resource.arn, input),
})

/** A state machine has no policy of its own: the rule acts as the target's role. */
const stateMachineTarget = (
  { authorizer, startExecution }: TargetParts,
  { arn }: StateMachineResource,
  roleArn: string | undefined,
): Reachable => ({
  refusal(rule) {
    if (roleArn === undefined) return `${rule.logicalId} has no role to start ${arn} with`
    const call = { roleArn, functionName: rule.name, action: 'states:StartExecution', resource: arn }
    return refusalOf(() => authorizer.authorize(call))
  },
  accept: input => startExecution(arn, input),
})

/** A log group's ARN ends in `:*`, as a target it does not. */
const isGroup = ({ arn }: LogGroupResource, target: string): boolean => arn === `${target}:*`

function reach(parts: TargetParts, { arn, roleArn }: TargetResource): Reachable | undefined {
  const { deployment, told, invoke } = parts
  const resource = deployment.functions.find(each => each.arn === arn)
  if (resource) return functionTarget(resource, invoke)
  const machine = deployment.stateMachines.find(each => each.arn === arn)
  if (machine) return stateMachineTarget(parts, machine, roleArn)
  const topic = deployment.topics.find(each => each.arn === arn)
  if (topic) {
    return {
      refusal: policyRefusal(parts, 'sns:Publish', arn),
      accept: input => told.publish(topic, input),
    }
  }
  const group = deployment.logGroups.find(each => isGroup(each, arn))
  return (
    group && {
      refusal: policyRefusal(parts, 'logs:PutLogEvents', group.arn),
      accept: input => told.log(group, input),
    }
  )
}

/** Throws for a target that the stage has no way to reach. */
export function refuseUnknownTargets(deployment: Deployment): void {
  const { rules, functions, topics, logGroups, stateMachines } = deployment
  for (const rule of rules) {
    for (const { arn } of rule.targets) {
      if ([...functions, ...topics, ...stateMachines].some(each => each.arn === arn)) continue
      if (logGroups.some(group => isGroup(group, arn))) continue
      throw new Error(`${rule.logicalId} has a target that the local stage cannot reach: ${arn}`)
    }
  }
}

/** Delivers an event to every target of a rule; what a target may not be given goes to its dead-letter queue. */
export function createDelivery(parts: TargetParts) {
  return (rule: RuleResource, envelope: EventEnvelope): void => {
    for (const target of rule.targets) {
      const reached = reach(parts, target)
      const reason = reached ? reached.refusal(rule) : `${target.arn} is not of this stage`
      if (reached && reason === undefined) reached.accept(inputOf(target, envelope))
      else bury(parts, { rule, target, envelope, reason: reason ?? '' })
    }
  }
}

interface Undelivered {
  readonly rule: RuleResource
  readonly target: TargetResource
  readonly envelope: EventEnvelope
  readonly reason: string
}

/** Why the queue may not take it, if so. */
const queueRefusal = (parts: TargetParts, rule: RuleResource, queueArn: string | undefined) =>
  queueArn === undefined
    ? 'it has no dead-letter queue'
    : policyRefusal(parts, 'sqs:SendMessage', queueArn)(rule)

function bury(parts: TargetParts, { rule, target, envelope, reason }: Undelivered): void {
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
