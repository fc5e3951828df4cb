import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseSettings } from '../../infra/settings.ts'
import { REGIONS_WITHOUT_URLS } from '../../infra/url-regions.ts'
import { templateWith } from '../infra/synthesized.ts'
import { type LocalSystem, localSystem } from '../support/local-system.ts'
import { listCommands, PROJECT, readBlocks, readText } from './guide.ts'

const GUIDE = readText('docs/deploy.md')
const blocks = readBlocks(GUIDE)
const commands = listCommands(blocks)
const scratch = mkdtempSync(join(tmpdir(), 'deploy-guide-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** The shell block that holds this text. */
function blockWith(text: string): string {
  const found = blocks.filter(block => block.language === 'sh' && block.text.includes(text))
  expect(found).toHaveLength(1)
  return found[0]?.text ?? ''
}

const run = promisify(execFile)

/** Runs a script as a reader's shell would, and answers what it printed. */
async function shell(script: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const env = { ...process.env, ...environment }
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: scratch, env })
  return stdout
}

const cdk = (...args: string[]) =>
  run(process.execPath, [join(PROJECT, 'node_modules/aws-cdk/bin/cdk'), ...args], {
    cwd: PROJECT,
    maxBuffer: 16 * 1024 * 1024,
  })

const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> }

/** `npm run deploy -- a b` and `npx cdk deploy a b` alike: the CDK's command and its arguments. */
function cdkCommand(line: string): { readonly name: string; readonly args: string[] } | undefined {
  const [, script, ofScript = ''] = /^npm run (\S+)(?: --)?(.*)$/.exec(line) ?? []
  const whole = script === undefined ? line.replace(/^npx /, '') : `${scripts[script]}${ofScript}`
  const [program, name, ...args] = whole.split(/\s+/).filter(Boolean)
  return program === 'cdk' && name !== undefined ? { name, args } : undefined
}

const cdkCommands = commands.map(cdkCommand).filter(command => command !== undefined)

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1a2b3c4d-0000-4444-8888-121212121212'

/** What a command gives with `-c`, the shell's variables filled in. */
const readContext = ({ args }: { readonly args: readonly string[] }): Readonly<Record<string, string>> =>
  Object.fromEntries(
    args.flatMap((arg, index) => {
      const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(args[index + 1] ?? '') ?? []
      return arg === '-c' ? [[name, value.replace('$KEY', KEY)]] : []
    }),
  )

const contextOptions = (context: Readonly<Record<string, string>>): string[] =>
  Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`])

describe('the deploy guide’s commands that need no account', () => {
  const synths = commands.filter(line => line.startsWith('npm run synth'))

  it('exist', () => {
    expect(synths.length).toBeGreaterThanOrEqual(2)
    expect(new Set(cdkCommands.map(({ name }) => name))).toEqual(
      new Set(['synth', 'bootstrap', 'deploy', 'diff', 'destroy']),
    )
  })

  it.concurrent.each(synths)('%s', async line => {
    const out = mkdtempSync(join(scratch, 'out-'))
    await cdk('synth', ...(cdkCommand(line)?.args ?? []), '--output', out)
    expect(readdirSync(out)).toContain('OnePasswordSource.template.json')
  })

  it('deploy with the qualifier of the bootstrap, so with the roles that the reader’s policy allows to assume', async () => {
    const { args } = cdkCommands.find(({ name }) => name === 'deploy') ?? { args: [] }
    const out = join(scratch, 'qualified')
    // As deploy synthesizes, but without bundles and without an account.
    await cdk('list', ...contextOptions(readContext({ args })), '--output', out)
    const roles = readFileSync(join(out, 'manifest.json'), 'utf8').match(
      /role\/cdk-[a-z0-9]+-[a-z]+(?:-[a-z]+)*-role/g,
    )
    const [policy] = blocks.filter(({ language }) => language === 'json')
    const assumed = (JSON.parse(policy?.text ?? '').Statement[0].Resource as string[]).map(arn =>
      arn.split(':')[5]?.replace('-*', ''),
    )
    expect(assumed).toHaveLength(4)
    // The execution role is CloudFormation's to assume.
    const own = [...new Set(roles)].filter(role => !role.includes('cfn-exec'))
    expect(own.length).toBeGreaterThan(1)
    expect(assumed).toEqual(expect.arrayContaining(own))
  })

  it('bootstrap with options that the CDK knows', async () => {
    const { args } = cdkCommands.find(({ name }) => name === 'bootstrap') ?? { args: [] }
    const filled = args.map(arg =>
      arg.replace('$ACCOUNT', '123456789012').replace('$AWS_REGION', 'eu-central-1'),
    )
    const { stdout, stderr } = await cdk('bootstrap', ...filled, '--show-template')
    expect(stderr).not.toContain('Unknown option')
    expect(stdout).toContain('CloudFormationExecutionPolicies')
  })

  it.each(['deploy', 'diff', 'destroy'])('%s with options that the CDK knows', async name => {
    const { stdout } = await cdk(name, '--help')
    const options = cdkCommands
      .filter(command => command.name === name)
      .flatMap(({ args }) => args.filter(arg => arg.startsWith('--')))
    expect(options.filter(option => !stdout.includes(` ${option}`))).toEqual([])
  })

  it('give settings that exist', () => {
    const given = cdkCommands.map(readContext)
    expect(new Set(given.flatMap(Object.keys))).toContain('kmsKeyArn')
    for (const context of given) expect(() => parseSettings(context)).not.toThrow()
  })

  it('remove the tables that a failed first deployment leaves, and nothing else', async () => {
    const aws = `aws() {
      if [ "$1 $2" = 'cloudformation describe-stack-events' ]; then
        case "$*" in *DELETE_SKIPPED*AWS::DynamoDB::GlobalTable*) echo T1 T2 ;; esac
      else echo "$*"; fi
    }`
    const printed = await shell(`${aws}\n${blockWith('DELETE_SKIPPED')}`)
    const removed = (table: string) => [
      `dynamodb update-table --table-name ${table} --no-deletion-protection-enabled`,
      `dynamodb wait table-exists --table-name ${table}`,
      `dynamodb delete-table --table-name ${table}`,
    ]
    expect(printed.trim().split('\n')).toEqual([...removed('T1'), ...removed('T2')])
  })

  it('make a policy for a stack of another name, and one for a key', async () => {
    const sed = commands.filter(line => line.startsWith('sed '))
    expect(sed).toHaveLength(2)
    const files = join(PROJECT, 'docs')
    await shell(`ln -s ${files} docs\n${sed.join('\n')}`, {
      ACCOUNT: '210987654321',
      AWS_REGION: 'eu-west-3',
    })
    const made = (name: string) => readFileSync(join(scratch, name), 'utf8')
    expect(JSON.parse(made('events-test-policy.json')).Statement.length).toBeGreaterThan(10)
    expect(made('events-test-policy.json')).not.toMatch(/onepasswordsource/i)
    expect(made('key-policy.json')).not.toMatch(/123456789012|eu-central-1/)
    expect(JSON.parse(made('key-policy.json')).Statement).toHaveLength(4)
  })
})

describe('the deploy guide’s calls', () => {
  let system: LocalSystem
  beforeAll(async () => {
    system = await localSystem({ account: { days: 1, eventsPerDay: 50 } })
  }, 120_000)
  afterAll(() => system.close())

  it('fetch address and key from the outputs and the secret', async () => {
    const outputs = {
      OnePasswordSource: {
        AdminUrl: 'https://abc.lambda-url.eu-central-1.on.aws/',
        AccessKeySecretArn: 'arn:x',
      },
    }
    writeFileSync(join(scratch, 'outputs.json'), JSON.stringify(outputs))
    const aws = `aws() { [ "$4" = arn:x ] && echo '{"accessId":"op1","accessKey":"k"}'; }`
    const printed = await shell(`${aws}\n${blockWith('output()')}\necho "$URL $SECRET $AUTH"`)
    expect(printed.trim()).toBe('https://abc.lambda-url.eu-central-1.on.aws arn:x op1:k')
  })

  it('register a source that is collected', async () => {
    const { accessId = '', accessKey = '' } = system.stage.accessKey ?? {}
    const environment = {
      URL: system.stage.url,
      AUTH: `${accessId}:${accessKey}`,
      TOKEN: system.account.token,
      BASE_URL: system.account.url,
    }
    const printed = await shell(`${blockWith('COLLECTOR=')}\nprintf '\\n%s' "$SOURCE"`, environment)
    expect(printed).toContain('"name":"1Password"')
    const path = printed.split('\n').at(-1)?.split('/api/v1/')[1] ?? ''
    await system.stage.idle()
    const { source } = await system.call<{ source: { state: object } }>('GET', path)
    expect(source.state).toEqual({ state: 'Collecting' })
  })
})

describe('the deploy guide’s words', () => {
  it('are valid shell where they are marked as shell', () => {
    const script = blocks
      .filter(({ language }) => language === 'sh')
      .map(({ text }) => text.replaceAll(/<[a-z ]+>/g, 'x'))
    const { status, stderr } = spawnSync('bash', ['-n', '-c', script.join('\n')], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  it('name every region that the settings refuse', () => {
    const listed = GUIDE.match(/no function URLs in some regions \(([^)]+)\)/)?.[1] ?? ''
    const named = listed
      .replace('ap-southeast-4 to -7', 'ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7')
      .replace('the two of GovCloud', 'us-gov-east-1 us-gov-west-1')
      .match(/[a-z]{2}(?:-[a-z]+)+-\d/g)
    expect(new Set(named)).toEqual(REGIONS_WITHOUT_URLS)
  })

  it('explain the errors of accounts that are full or new', () => {
    for (const words of [
      'ten resource policies',
      'HealthLogsFromEvents',
      'at most ten functions at one time',
    ])
      expect(GUIDE).toContain(words)
    const [policy] = Object.keys(templateWith().findResources('AWS::Logs::ResourcePolicy'))
    expect(policy).toMatch(/^HealthLogsFromEvents/)
  })

  it('give the readers who use Athena the permissions that it needs for S3', () => {
    const [, permissions = ''] = /\*Permissions:\* (`athena:[^*]*?)\n\n/.exec(GUIDE) ?? []
    for (const action of ['s3:GetBucketLocation', 's3:ListBucket', 's3:GetObject', 's3:PutObject'])
      expect(permissions).toContain(`\`${action}\``)
  })
})
