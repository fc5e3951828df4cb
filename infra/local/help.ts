import { OPTIONS } from './option-table.ts'

const SCRIPTS: Readonly<Record<string, string>> = {
  'npm start': 'This: the deployed system on one machine, collecting from a simulated or a real account.',
  'npm run account': 'The simulated account alone; -- --help lists its options.',
  'npm run access-key':
    'Shows or replaces the access key of the admin URL, here or on AWS; -- --help lists its options.',
  'npm run cost': 'What the sources cost in a month on AWS, counted here; -- --help lists its options.',
  'npm run synth': 'Write the CloudFormation template that both AWS and this command run, to cdk.out.',
  'npm run deploy': 'Deploy to AWS.',
  'npm run destroy':
    'Remove what was deployed; data is kept unless the setting removalPolicy says otherwise.',
  'npm test': 'The tests.',
  'npm run check': 'Types, lint, architecture and tests.',
}

const VARIABLES: Readonly<Record<string, string>> = {
  OP_EVENTS_TOKEN:
    "Token of a real account, which is collected from instead of a simulated one: all of the token's features.",
  OP_EVENTS_BASE_URL: "Its Events API, e.g. https://events.1password.eu. Default: the token's own audience.",
}

const WIDTH = 100
const INDENT = 22

/** Breaks a text into lines of at most WIDTH characters. All lines except the first are indented. */
function wrapped(text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < WIDTH - INDENT)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.join(`\n${' '.repeat(INDENT)}`)
}

const row = (name: string, text: string): string => `  ${name.padEnd(INDENT - 3)} ${wrapped(text)}`

const rows = (entries: Readonly<Record<string, string>>): string =>
  Object.entries(entries)
    .map(([name, text]) => row(name, text))
    .join('\n')

const optionRows = Object.entries(OPTIONS).map(([name, { value, text }]) =>
  row(value ? `--${name} ${value}` : `--${name}`, text),
)

export const HELP = `Runs the system on this machine, for trying, developing and testing.

  npm start -- [options]

Options
${optionRows.join('\n')}

Environment
${rows(VARIABLES)}

Other commands
${rows(SCRIPTS)}

Ctrl-C ends it: runs in flight get some seconds to finish. A second Ctrl-C ends it at once.
`
