import type { RetryStep } from '../shared/contract/retry.ts'
import { EXECUTION_TIMEOUT_SECONDS } from '../shared/contract/timing.ts'

/**
 * Retries errors of the Lambda service, not of the function (Step Functions: "Handle transient Lambda service
 * exceptions").
 */
const SERVICE_FAILURES = {
  ErrorEquals: [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
  ],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 3,
}

/** Retries every failure of the service and of the function: after 5 seconds, then later each time, up to one minute. */
const retryAll = (times: number) => ({
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  MaxAttempts: times,
})

const createRequest = (step: RetryStep) => ({
  step,
  'collectorId.$': '$.collectorId',
  'sourceId.$': '$.sourceId',
  'api.$': '$.api',
  'episode.$': '$.episode',
  'execution.$': '$$.Execution.Name',
})

/** The number of attempts before this step. With it, collect recognises whether the run has recorded its failure. */
const ATTEMPTS_SO_FAR = { 'attempts.$': '$.answer.attempts' }

const whenOutcome = (outcome: string, next: string) => ({
  Variable: '$.answer.outcome',
  StringEquals: outcome,
  Next: next,
})

const ENDS = {
  Recovered: { Type: 'Succeed' },
  Stopped: {
    Type: 'Succeed',
    Comment: 'An update, a restart or a deletion ended it, or an error that waits for the user.',
  },
  'Claimed by another execution': { Type: 'Succeed' },
  'Given up': { Type: 'Fail', ErrorPath: '$.answer.error', CausePath: '$.answer.cause' },
  'Answer not understood': {
    Type: 'Fail',
    Error: 'AnswerNotUnderstood',
    Cause:
      'collect returned an outcome that this definition does not know. The next tick goes on with the task.',
  },
}

const WHAT_NOW = {
  Type: 'Choice',
  Choices: [
    whenOutcome('retry', 'Wait'),
    whenOutcome('recovered', 'Recovered'),
    whenOutcome('stopped', 'Stopped'),
    whenOutcome('taken', 'Claimed by another execution'),
    whenOutcome('quit', 'Given up'),
  ],
  Default: 'Answer not understood',
}

const WAIT = {
  Type: 'Wait',
  Comment: 'Back-off from 1 minute doubling to 5, or Retry-After if longer, never past the deadline.',
  SecondsPath: '$.answer.waitSeconds',
  Next: 'Collect',
}

/** The time-out of a step that only writes to a table. */
const STEP_SECONDS = 60

/**
 * The 90 minutes of a failing task (docs/design.md, "The retry state machine"), as an Amazon States Language
 * document. Its input is the detail of an EpisodeOpened event. After each step, collect reads the task's item and
 * decides what comes next.
 */
export function retryDefinition(collectArn: string) {
  const createTask = (step: RetryStep) => ({
    Type: 'Task',
    Resource: collectArn,
    ResultPath: '$.answer',
    Next: 'What now?',
    Parameters: createRequest(step),
  })
  return {
    Comment: 'Collects a failing task again until it recovers, is stopped, or is given up after 90 minutes.',
    StartAt: 'Claim the episode',
    TimeoutSeconds: EXECUTION_TIMEOUT_SECONDS,
    States: {
      'Claim the episode': {
        ...createTask('claim'),
        Comment: 'If several executions are about one episode, only one of them goes on.',
        TimeoutSeconds: STEP_SECONDS,
        Retry: [retryAll(6)],
      },
      'What now?': WHAT_NOW,
      Wait: WAIT,
      Collect: {
        ...createTask('collect'),
        Parameters: { ...createRequest('collect'), ...ATTEMPTS_SO_FAR },
        TimeoutSecondsPath: '$.answer.timeoutSeconds',
        Retry: [SERVICE_FAILURES],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.death', Next: 'Record the dead run' }],
      },
      'Record the dead run': {
        ...createTask('died'),
        Comment: 'A run that could not record its failure counts as a failed attempt.',
        Parameters: { ...createRequest('died'), ...ATTEMPTS_SO_FAR, 'death.$': '$.death' },
        TimeoutSeconds: STEP_SECONDS,
        Retry: [retryAll(99)],
      },
      ...ENDS,
    },
  }
}
