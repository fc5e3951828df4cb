import { randomUUID } from 'node:crypto'
import type { VirtualClock } from '../clock/clock.ts'
import type { EventEnvelope } from '../events/put-events.ts'
import type { QueueFiles } from '../events/queue-files.ts'
import type { Authorizer } from '../iam/authorizer.ts'
import type { OnNotice } from '../reports.ts'
import type { Deployment, FunctionResource } from '../template/model.ts'
import type { InvocationResult, PromisedInvocation } from './invocation.ts'

interface FailedInvocation {
  readonly promised: PromisedInvocation
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded'
  /** Of the last attempt. Absent if the event became too old before the first attempt. */
  readonly result?: InvocationResult
}

export interface FailureDestination {
  /**
   * Sends the invocation's record to the function's on-failure destination. Does not throw: a refusal becomes a notice.
   */
  send(resource: FunctionResource, failed: FailedInvocation): Promise<void>
}

interface FailureDestinationParts {
  readonly deployment: Deployment
  readonly clock: VirtualClock
  readonly authorizer: Authorizer
  readonly queues: QueueFiles
  readonly putEvents: (busName: string, envelopes: readonly EventEnvelope[]) => void
  readonly onNotice: OnNotice
}

/** Returns the record that Lambda sends (AWS: "Retain records of asynchronous invocations"). */
export function toInvocationRecord({ promised, condition, result }: FailedInvocation, nowMs: number) {
  return {
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      requestId: promised.requestId,
      functionArn: `${promised.functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: promised.attempts,
    },
    requestPayload: JSON.parse(promised.payload) as unknown,
    ...(result && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: result.functionError },
      responsePayload: JSON.parse(result.payload) as unknown,
    }),
  }
}

export function createFailureDestination(parts: FailureDestinationParts): FailureDestination {
  const { deployment, clock, authorizer, queues, putEvents, onNotice } = parts
  const deliver = (resource: FunctionResource, failed: FailedInvocation, arn: string): void => {
    const record = toInvocationRecord(failed, clock.now())
    const bus = deployment.buses.find(({ arn: own }) => own === arn)
    const action = bus ? 'events:PutEvents' : 'sqs:SendMessage'
    authorizer.authorize({ roleArn: resource.roleArn, functionName: resource.name, action, resource: arn })
    if (bus) putEvents(bus.name, [failureEvent(deployment, resource, { arn, record, nowMs: clock.now() })])
    else
      queues.send(arn, JSON.stringify(record), {
        reason: `${resource.logicalId} failed (${failed.condition})`,
      })
  }
  return {
    async send(resource, failed) {
      const arn = resource.asynchronous.onFailureArn
      try {
        if (arn) deliver(resource, failed, arn)
      } catch (error) {
        onNotice({ kind: 'lost event', from: resource.name, reason: (error as Error).message })
      }
    },
  }
}

const failureEvent = (
  { account, region }: Deployment,
  { arn }: FunctionResource,
  sent: { readonly arn: string; readonly record: Record<string, unknown>; readonly nowMs: number },
): EventEnvelope => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Lambda Function Invocation Result - Failure',
  source: 'lambda',
  account,
  time: new Date(sent.nowMs).toISOString().replace(/\.\d+/, ''),
  region,
  resources: [sent.arn, `${arn}:$LATEST`],
  detail: sent.record,
})
