/** What a command prints. Without an exit code it has succeeded. */
export type CommandResult = string | { readonly output: string; readonly exitCode: number }

interface Command {
  /** How a user starts it, for example `npm run cost`. */
  readonly name: string
  run(argv: readonly string[]): CommandResult | Promise<CommandResult>
  /** Describes an error that is no usage error. @default its message */
  readonly describeError?: (error: unknown) => string
}

/** An error of a refused connection has no message, only a name. */
const describe = (error: unknown): string =>
  error instanceof Error ? error.message || error.name : String(error)

function reportError({ name, describeError = describe }: Command, error: unknown): void {
  const isUsageError = error instanceof Error && error.name === 'UsageError'
  const hint = `\`${name} -- --help\` explains the options.\n`
  process.stderr.write(isUsageError ? `${error.message}\n${hint}` : `${describeError(error)}\n`)
  process.exitCode = isUsageError ? 2 : 1
}

/** Runs a command of an operator. It ends with 0, with 2 after a usage error, and with 1 after any other error. */
export async function runCommand(command: Command): Promise<void> {
  try {
    const result = await command.run(process.argv.slice(2))
    process.stdout.write(typeof result === 'string' ? result : result.output)
    if (typeof result !== 'string') process.exitCode = result.exitCode
  } catch (error) {
    reportError(command, error)
  }
}
