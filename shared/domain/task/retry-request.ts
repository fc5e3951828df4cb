import { RETRY_STEPS, type RetryRequest, type RetryStep } from '../../contract/retry.ts'
import { readAddress } from './bus-event.ts'

const isStep = (value: unknown): value is RetryStep => RETRY_STEPS.some(step => step === value)

function text(value: unknown, member: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new TypeError(`RetryRequest: ${member} must be a text.`)
}

/** Reads a request of the retry state machine. Throws an error that names the member at fault. */
export function readRetryRequest(input: unknown): RetryRequest {
  const address = readAddress(input, 'RetryRequest')
  const { step, episode, execution, attempts, death } = input as Partial<Record<keyof RetryRequest, unknown>>
  if (!isStep(step)) throw new TypeError(`RetryRequest: step must be one of ${RETRY_STEPS.join(', ')}.`)
  return {
    ...address,
    step,
    episode: text(episode, 'episode'),
    execution: text(execution, 'execution'),
    ...(typeof attempts === 'number' && { attempts }),
    ...(death ? { death: death as NonNullable<RetryRequest['death']> } : {}),
  }
}
