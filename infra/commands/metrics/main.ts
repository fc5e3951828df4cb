import { runCommand } from '../../command-line/command.ts'
import { metricsReport } from './report.ts'

await runCommand({ name: 'npm run metrics', run: metricsReport })
