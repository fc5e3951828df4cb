import { AWS_CLIENT } from '../../shared/runtime/common-ports.ts'
import { namesIn } from './remote-resources.ts'

/** The run whose resources the suites use, and the settings of the clients that are deployed. */
export function remoteRun() {
  const run = process.env['REMOTE_RUN']
  if (run === undefined)
    throw new Error('These suites need an account: start them with `npm run test:remote`.')
  return { run, names: namesIn(run), settings: AWS_CLIENT }
}
