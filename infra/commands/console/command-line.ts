import { formatHelp } from '../../command-line/help.ts'
import {
  type Faults,
  HELP_OPTION,
  type OptionValues,
  parseOptions,
  readNumber,
  refuseWords,
} from '../../command-line/options.ts'

const DEFAULT_PORT = 8790

/** Where the API is, and how its calls are proved. */
export type Place =
  /** A data directory of the local stage. */
  | { readonly dataDir: string }
  /** A deployed stack, with an access key in this secret. */
  | { readonly url: URL; readonly secretId: string }
  /** A deployed stack, with signatures. */
  | { readonly url: URL; readonly region: string }

type CommandLine =
  | { readonly command: 'help' }
  | { readonly command: 'serve'; readonly place: Place; readonly port: number }

const OPTIONS = {
  url: {
    value: 'URL',
    text: 'A deployed stack: its output AdminUrl. Calls are signed with the credentials that the AWS CLI would find. They must allow lambda:InvokeFunctionUrl and lambda:InvokeFunction.',
  },
  secret: {
    value: 'ARN',
    text: 'With --url: the output AccessKeySecretArn. Calls carry the access key instead of a signature. The credentials must allow secretsmanager:GetSecretValue on the secret.',
  },
  region: { value: 'REGION', text: 'With --url: where it is, if the URL does not say so.' },
  data: { value: 'DIR', text: 'The data directory of a running local stage. Default: .local' },
  port: { value: 'PORT', text: `Where the page is on this machine. Default: ${DEFAULT_PORT}` },
  help: HELP_OPTION,
} as const

type Values = OptionValues<typeof OPTIONS>

/** The URL of a function says its region: https://<id>.lambda-url.<region>.on.aws/ */
const REGION = /\.lambda-url\.([a-z0-9-]+)\.on\.aws$/

function parseUrl(text: string, faults: Faults): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isBare = url?.pathname === '/' && url.search === '' && url.username === '' && url.password === ''
  if (url?.protocol === 'https:' && isBare) return url
  faults.add(`--url must be https://host without a path, as the output AdminUrl is, not "${text}".`)
  return undefined
}

function readDeployed({ secret, region }: Values, url: URL, faults: Faults): Place | undefined {
  if (secret !== undefined) return { url, secretId: secret }
  const found = region ?? REGION.exec(url.hostname)?.[1]
  if (found !== undefined) return { url, region: found }
  faults.add('--region is needed: the URL does not say where it is.')
  return undefined
}

function readPlace(values: Values, faults: Faults): Place | undefined {
  const { url, data = '.local' } = values
  if (url === undefined) {
    for (const name of ['secret', 'region'] as const) {
      if (values[name] !== undefined) faults.add(`--${name} belongs to a deployed stack: give --url too.`)
    }
    return { dataDir: data }
  }
  if (values.data !== undefined)
    faults.add('--data is a local stage and --url a deployed one: leave one out.')
  const parsed = parseUrl(url, faults)
  return parsed && readDeployed(values, parsed, faults)
}

/** Reads the command line. Throws UsageError. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values, words, faults } = parseOptions(argv, OPTIONS)
  if (values.help) return { command: 'help' }
  refuseWords(words, faults)
  const bounds = { min: 0, max: 65_535 }
  const port = values.port === undefined ? DEFAULT_PORT : readNumber('port', values.port, bounds, faults)
  const place = readPlace(values, faults)
  faults.throwIfAny()
  return { command: 'serve', place: place ?? { dataDir: '.local' }, port: port ?? DEFAULT_PORT }
}

export const HELP = formatHelp({
  purpose:
    'Serves the Collection page on this machine and proves its calls: with adminAuth=iam a browser cannot.',
  usages: [
    { line: 'npm run console -- [options]', text: 'For the local stage.' },
    { line: 'npm run console -- --url URL [options]', text: 'For a deployed stack.' },
  ],
  options: OPTIONS,
  notes: [
    'Only this machine can reach the page, and only with the address that is printed: it holds a key that is made anew at each start. Ctrl-C ends it.',
  ],
})
