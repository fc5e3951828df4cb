import { collect } from '../../functions/collect/collect.ts'
import { type RetryPorts, retry } from '../../functions/collect/retry.ts'
import type { RetryAnswer, RetryRequest, RetryStep } from '../../shared/contract/retry.ts'
import { COLLECT_TIMEOUT_SECONDS } from '../../shared/contract/timing.ts'
import { type CollectWorld, DUE } from './collect-world.ts'
import { type Kill, killable } from './killing.ts'

const PORTS = ['tasks', 'registry', 'tokens', 'eventsApi', 'lake', 'bus', 'healthEvents'] as const

/** An episode of 90 minutes has fewer steps. */
const MAX_STEPS = 200

/** Plays an execution of the state machine for the task's present episode, step by step or to its end. */
export function executionOf(world: CollectWorld, name = 'execution') {
  const { ports, settings, clock } = world
  const { collectorId, sourceId, api } = DUE
  const { id: episode, attempts: first } = ports.tasks.get(DUE)?.episode ?? { id: 'none', attempts: 0 }
  /** The attempts in the last answer that the execution received. A lost answer does not count. */
  let attempts = first
  let runs = 0

  function ask(step: RetryStep, using: RetryPorts = ports, death?: RetryRequest['death']) {
    const asked = { collectorId, sourceId, api, step, episode, execution: name, attempts }
    const request = { ...asked, ...(death && { death }) }
    const deadlineMs = clock.now() + COLLECT_TIMEOUT_SECONDS * 1000
    const runId = `${name}, run ${++runs}`
    return retry(using, request, () => collect(using, settings, DUE, { runId, deadlineMs, claim: request }))
  }

  /** Asks for a step whose process dies at an effect. Returns the effects until then, and whether it died. */
  async function askUntilKilled(step: RetryStep, kill?: Kill) {
    const killed = killable(ports, PORTS, kill)
    const end = await Promise.race([killed.killed, ask(step, killed.ports)])
    return { effects: killed.effects, end }
  }

  /** Lets time pass until the next retry of an answer. */
  function wait({ waitSeconds, attempts: received = attempts }: RetryAnswer): void {
    if (waitSeconds === undefined) throw new Error('there is nothing to wait for')
    attempts = received
    clock.advance(waitSeconds * 1000)
  }

  /** Claims the episode and waits until its next run is due. */
  async function begin(): Promise<RetryAnswer> {
    const answer = await ask('claim')
    wait(answer)
    return answer
  }

  /** Makes all steps after an answer until the end. Without an answer it begins with the claim. */
  async function finish(from?: RetryAnswer): Promise<RetryAnswer> {
    let answer = from ?? (await ask('claim'))
    for (let steps = 0; answer.outcome === 'retry'; steps++) {
      if (steps > MAX_STEPS) throw new Error('the execution does not end')
      wait(answer)
      answer = await ask('collect').catch(error =>
        ask('died', ports, { Error: 'Error', Cause: String(error) }),
      )
    }
    return answer
  }

  return { ask, askUntilKilled, wait, begin, finish, episode }
}
