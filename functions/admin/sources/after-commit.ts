import type { Source } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'

/**
 * What follows the write that is the commit. Its failure fails no request, because the change stands: `consequence`
 * tells the log what comes of it.
 */
export async function afterCommit(
  { log }: Pick<AdminPorts, 'log'>,
  { id: sourceId }: Pick<Source, 'id'>,
  consequence: string,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    log.warn(consequence, { sourceId, error: String(error) })
  }
}
