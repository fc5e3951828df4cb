import { RUN_FAILED } from '../../shared/contract/log-messages.ts'
import type { RunFailure } from '../../shared/domain/failure/failure.ts'
import { loggableError } from '../../shared/domain/failure/loggable-error.ts'
import type { Run } from './run.ts'

/** What no log line, table or event may hold. */
export const listSecrets = ({
  token,
  destination,
}: Pick<Run, 'token' | 'destination'>): readonly string[] => [
  ...token.secrets,
  ...(destination?.secrets ?? []),
]

/**
 * Logs a failure of our own side with its stack and its causes. The task shows only one sentence of it. A failure of
 * 1Password needs no stack: the line of the run's end says all of it.
 */
export function logFailure(
  run: Pick<Run, 'ports' | 'lease' | 'token' | 'destination'>,
  failure: RunFailure,
): void {
  if (failure.type !== 'FirstPartyGeneric') return
  const { collectorId, sourceId, api } = run.lease.task
  run.ports.log.error(RUN_FAILED, {
    collectorId,
    sourceId,
    api,
    error: loggableError(failure, listSecrets(run)),
  })
}
