import { isAccessDenied } from '../iam/access-denied.ts'
import type { Authorizer } from '../iam/authorizer.ts'
import { matchesArn } from '../iam/wildcard.ts'
import type {
  Deployment,
  FunctionResource,
  LogGroupResource,
  RuleResource,
  StateMachineResource,
  TargetResource,
  TopicResource,
} from '../template/model.ts'
import type { TopicAndLogFiles } from './topic-and-log-files.ts'

const EVENTS_SERVICE = 'events.amazonaws.com'

export interface TargetParts {
  readonly deployment: Deployment
  readonly authorizer: Authorizer
  readonly files: TopicAndLogFiles
  readonly invoke: (functionArn: string, payload: string) => void
  /** `input` is JSON text. */
  readonly startExecution: (machineArn: string, input: string) => void
}

/** A target as a rule reaches it. */
interface Reachable {
  /** Why the rule must not deliver here; undefined if it may. */
  readonly refusal: (rule: RuleResource) => string | undefined
  /** Throws if the target cannot take the input at the moment. */
  readonly accept: (input: string) => void
}

/** Returns whether the function's resource policy lets this rule invoke it. */
const isAdmitted = (target: FunctionResource, rule: RuleResource): boolean =>
  target.permissions.some(
    ({ principal, action, sourceArn, invokedViaFunctionUrl }) =>
      principal === EVENTS_SERVICE &&
      action === 'lambda:InvokeFunction' &&
      invokedViaFunctionUrl !== true &&
      (sourceArn === undefined || matchesArn(sourceArn, rule.arn)),
  )

/** Returns why a resource's policy does not let EventBridge do this for a rule, or undefined if it does. */
export const findPolicyRefusal = (
  authorizer: Authorizer,
  { arn: sourceArn }: RuleResource,
  action: string,
  resource: string,
): string | undefined =>
  findRefusal(() => authorizer.authorizeService({ service: EVENTS_SERVICE, sourceArn, action, resource }))

function findRefusal(authorize: () => void): string | undefined {
  try {
    authorize()
    return undefined
  } catch (error) {
    if (isAccessDenied(error)) return error.message
    throw error
  }
}

const reachFunction = (resource: FunctionResource, invoke: TargetParts['invoke']): Reachable => ({
  refusal: rule =>
    isAdmitted(resource, rule)
      ? undefined
      : `${rule.logicalId} may not invoke ${resource.arn}: no AWS::Lambda::Permission lets ${EVENTS_SERVICE} in for this rule`,
  accept: input => invoke(resource.arn, input),
})

/** A state machine has no policy of its own: the rule acts as the target's role. */
const reachStateMachine = (
  { authorizer, startExecution }: TargetParts,
  { arn }: StateMachineResource,
  roleArn: string | undefined,
): Reachable => ({
  refusal(rule) {
    if (roleArn === undefined) return `${rule.logicalId} has no role to start ${arn} with`
    const call = { roleArn, functionName: rule.name, action: 'states:StartExecution', resource: arn }
    return findRefusal(() => authorizer.authorize(call))
  },
  accept: input => startExecution(arn, input),
})

/** A rule publishes as the target's role. Without a role, the topic's policy decides. */
const reachTopic = (
  { authorizer, files }: TargetParts,
  topic: TopicResource,
  roleArn: string | undefined,
): Reachable => ({
  refusal(rule) {
    const call = { action: 'sns:Publish', resource: topic.arn }
    if (roleArn === undefined) return findPolicyRefusal(authorizer, rule, call.action, call.resource)
    return findRefusal(() => authorizer.authorize({ ...call, roleArn, functionName: rule.name }))
  },
  accept: input => files.publish(topic, input),
})

/** The ARN of a log group ends in `:*`, but not where the group is a target. */
const isGroup = ({ arn }: LogGroupResource, target: string): boolean => arn === `${target}:*`

/** Returns undefined for a target that is not in the deployment. */
export function findTarget(parts: TargetParts, { arn, roleArn }: TargetResource): Reachable | undefined {
  const { deployment, authorizer, files, invoke } = parts
  const resource = deployment.functions.find(each => each.arn === arn)
  if (resource) return reachFunction(resource, invoke)
  const machine = deployment.stateMachines.find(each => each.arn === arn)
  if (machine) return reachStateMachine(parts, machine, roleArn)
  const topic = deployment.topics.find(each => each.arn === arn)
  if (topic) return reachTopic(parts, topic, roleArn)
  const group = deployment.logGroups.find(each => isGroup(each, arn))
  return (
    group && {
      refusal: rule => findPolicyRefusal(authorizer, rule, 'logs:PutLogEvents', group.arn),
      accept: input => files.log(group, input),
    }
  )
}

/** Throws for a target that the emulator has no way to reach. */
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
