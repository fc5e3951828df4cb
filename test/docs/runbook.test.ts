import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { METRICS } from '../../shared/contract/metrics.ts'
import { templateWith } from '../infra/synthesized.ts'
import { type LocalSystem, localSystem, type RegisteredIds } from '../support/local-system.ts'
import { listCommands, PROJECT, readBlocks, readText, toAnchor } from './guide.ts'

const RUNBOOK = readText('docs/runbook.md')
const blocks = readBlocks(RUNBOOK).filter(({ language }) => language === 'sh')
const commands = listCommands(blocks)
const template = templateWith({ alarmAddress: 'security@example.com', destinations: 'sumologic' })
const resources = Object.entries<{ Type: string; Properties: Record<string, string> }>(
  template.toJSON()['Resources'],
)

/** The text under a heading of the first level. */
const part = (heading: string): string =>
  RUNBOOK.split(/^# /m).find(text => text.startsWith(`${heading}\n`)) ?? ''
const listSections = (text: string): string[] =>
  Array.from(text.matchAll(/^## (.+)$/gm), ([, name = '']) => name)

const alarms = resources
  .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
  .map(([, { Properties }]) => ({
    name: String(Properties['AlarmName']).replace('OnePasswordSource-', ''),
    description: String(Properties['AlarmDescription']),
  }))

describe('the runbook', () => {
  it('has a heading for each alarm, and an alarm for each heading', () => {
    expect(listSections(part('Alarms')).toSorted()).toEqual(alarms.map(({ name }) => name).toSorted())
  })

  it('is the target of the links of the alarms, and says the same severity', () => {
    for (const { name, description } of alarms) {
      const [, severity, anchor] = /^(\w+): .* What to do: docs\/runbook\.md#(\S+)$/.exec(description) ?? []
      expect(toAnchor(name)).toBe(anchor)
      expect(RUNBOOK).toContain(`\n## ${name}\n\n${severity}. `)
    }
  })

  it('has a heading for each type of error, for giving up and for warnings', () => {
    expect(listSections(part('Errors'))).toEqual([
      'ThirdPartyConfigError',
      'ThirdPartyGenericError',
      'FirstPartyGenericError',
      'Given up',
      'Warnings',
    ])
  })

  it('links to headings that exist', () => {
    const anchors = listSections(RUNBOOK).map(toAnchor)
    const links = Array.from(RUNBOOK.matchAll(/\]\(#([^)]+)\)/g), ([, anchor]) => anchor)
    expect(links.length).toBeGreaterThan(8)
    expect(links.filter(anchor => !anchors.includes(anchor ?? ''))).toEqual([])
  })
})

describe('the runbook’s commands', () => {
  it('are valid shell', () => {
    const script = blocks.map(({ text }) => text.replaceAll(/<[a-z ]+>/g, 'x')).join('\n')
    const { status, stderr } = spawnSync('bash', ['-n', '-c', script], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  it('name one resource of the stack each, and outputs that exist', () => {
    const named = Array.from(RUNBOOK.matchAll(/\$\(resource (\w+) (\S+)\)/g), ([, id = '', type]) => ({
      id,
      type,
    }))
    expect(named.length).toBeGreaterThan(8)
    for (const { id, type } of named) {
      const found = resources.filter(([logicalId, { Type }]) => logicalId.startsWith(id) && Type === type)
      expect(found, `${id} ${type}`).toHaveLength(1)
    }
    const outputs = Object.keys(template.toJSON()['Outputs'])
    for (const [, output] of RUNBOOK.matchAll(/\$\(output (\w+)/g)) expect(outputs).toContain(output)
  })

  it('ask for metrics that are sent, and for members that the logs have', () => {
    const asked = Array.from(
      RUNBOOK.matchAll(/--namespace "\$STACK" --metric-name (\w+) --dimensions Name=service,Value=(\w+)/g),
    )
    expect(asked).not.toEqual([])
    for (const [, name = '', service] of asked) expect(METRICS).toMatchObject({ [name]: { service } })
    for (const [, name = ''] of RUNBOOK.matchAll(/\$\.(\w+) > 0/g)) expect(METRICS).toHaveProperty(name)
  })

  it('use scripts of the project with options that they know', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> }
    for (const [, script = ''] of RUNBOOK.matchAll(/npm run ([\w-]+)/g))
      expect(Object.keys(scripts)).toContain(script)
    const rotation = commands.find(line => line.startsWith('npm run access-key'))
    const help = spawnSync(process.execPath, [join(PROJECT, 'infra/commands/access-key/main.ts'), '--help'])
    for (const [option] of rotation?.matchAll(/(?<= )--[a-z-]+/g) ?? [])
      expect(String(help.stdout)).toContain(option)
  })
})

describe('the runbook’s calls of the admin URL', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'runbook-'))
  let system: LocalSystem
  let source: RegisteredIds

  beforeAll(async () => {
    system = await localSystem({ account: { days: 1, eventsPerDay: 50 } })
    system.account.setMode('401')
    source = await system.registerSource({ name: 'Broken one', supported_apis: ['sign-in'] })
    await system.stage.idle()
  }, 120_000)
  afterAll(async () => {
    await system.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  const run = promisify(execFile)
  const blockWith = (text: string): string => {
    const found = blocks.filter(block => block.text.includes(text))
    expect(found).toHaveLength(1)
    return found[0]?.text ?? ''
  }

  /** As a reader's shell, in which the first block has been pasted; `aws` answers as this stage does. */
  async function shell(script: string): Promise<string> {
    const secret = JSON.stringify(system.stage.accessKey)
    writeFileSync(join(scratch, 'secret.json'), secret)
    const aws = `aws() { case "$*" in
      *AdminUrl*) echo "${system.stage.url}/" ;;
      *AccessKeySecretArn*) echo arn:x ;;
      *get-secret-value*arn:x*) cat secret.json ;;
      *) return 1 ;;
    esac; }`
    const path = `collectors/${source.collectorId}/sources/${source.sourceId}`
    const filled = script.replace(/collectors\/<[a-z ]+>\/sources\/<[a-z ]+>/, path)

    const lines = [
      aws,
      blockWith('output() {'),
      `SOURCE=$URL/api/v1/${path}`,
      `TOKEN=${system.account.token}`,
      filled,
    ]
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', lines.join('\n')], { cwd: scratch })
    return stdout
  }

  it('list open trouble, with its time and place', async () => {
    const printed = await shell(blockWith('/api/v1/healthEvents'))
    expect(printed.trim()).toMatch(
      new RegExp(
        `^\\d{4}-\\S+Z Error Broken one - Sign-in Attempts: .+ collectors/${source.collectorId}/sources/${source.sourceId}$`,
      ),
    )
  })

  it('show the state of one source', async () => {
    const [task] = JSON.parse(await shell(blockWith('"$SOURCE/tasks"'))).tasks
    expect(task).toMatchObject({ state: 'Error', error: { code: 401 } })
  })

  it('restart a source', async () => {
    await shell(blockWith('action/restart'))
    await system.stage.idle()
    expect(await system.stateOf(source)).toMatchObject({ state: 'Error', errorCode: 401 })
    system.account.setMode('ok')
    await shell(blockWith('action/restart'))
    await system.stage.idle()
    expect(await system.stateOf(source)).toEqual({ state: 'Collecting' })
  })

  it('set a new token, and leave no file with it', async () => {
    const before = readFileSync(join(system.dataDir, 'secrets.json'), 'utf8')
    await shell(blockWith('body.source.config.api_token'))
    await system.stage.idle()
    expect(await system.stateOf(source)).toEqual({ state: 'Collecting' })
    expect(readFileSync(join(system.dataDir, 'secrets.json'), 'utf8')).not.toBe(before)
    const { stdout } = await run('ls', [scratch])
    expect(stdout.trim()).toBe('secret.json')
  })
})
