import { metricsCommand, WrongUse } from './command.ts'

/** `npm run metrics` */
try {
  process.stdout.write(metricsCommand(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof WrongUse)) throw error
  process.stderr.write(`${error.message}\n\`npm run metrics -- --help\` explains the options.\n`)
  process.exitCode = 2
}
