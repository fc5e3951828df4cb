import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { synthesize } from '../../../infra/local/synthesize.ts'
import { temporaryDirectory } from '../../support/folders.ts'
import { localSystem } from '../../support/local-system.ts'

const scratch = temporaryDirectory()
let assembly: string

beforeAll(async () => {
  assembly = await synthesize({ outDir: scratch.path, context: { allowedHosts: ['http://127.0.0.1'] } })
}, 120_000)

afterAll(scratch.remove)

interface Template {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>
}

interface Statement {
  Action: string | string[]
}

/** A copy of the assembly with its template changed. */
function changedAssembly(name: string, change: (template: Template, folder: string) => void): string {
  const folder = join(scratch.path, name)
  cpSync(assembly, folder, { recursive: true })
  const file = join(folder, readdirSync(folder).find(each => each.endsWith('.template.json')) ?? '')
  const template: Template = JSON.parse(readFileSync(file, 'utf8'))
  change(template, folder)
  writeFileSync(file, JSON.stringify(template))
  return folder
}

function withoutAction({ Resources }: Template, role: string, action: string): void {
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type !== 'AWS::IAM::Policy' || !JSON.stringify(Properties['Roles']).includes(role)) continue
    const { Statement: statements } = Properties['PolicyDocument'] as { Statement: Statement[] }
    for (const statement of statements) {
      statement.Action = [statement.Action].flat().filter(each => each !== action)
    }
  }
}

describe('the local stage', () => {
  it.each([
    ['collect', 'CollectRole', 's3:PutObject', /Lake|lake/],
    ['collect', 'CollectRole', 'secretsmanager:GetSecretValue', /OnePasswordSource\/source\//],
  ])('shows that %s lacks a grant if %s loses %s', async (name, role, action, resource) => {
    const assemblyFolder = changedAssembly(`without-${action.replace(':', '-')}`, template =>
      withoutAction(template, role, action),
    )
    const system = await localSystem({ assemblyFolder, account: { days: 1, eventsPerDay: 20 } })
    try {
      const ids = await system.registerSource()
      await system.stage.idle()
      const { state, errorType, errorInfo } = await system.stateOf(ids)
      expect({ state, errorType }).toEqual({ state: 'Error', errorType: 'FIRST-PARTY-GENERIC' })
      expect(errorInfo).toMatch(/AccessDenied/)
      expect(errorInfo).toContain(`not authorized to perform: ${action}`)
      expect(errorInfo).toMatch(resource)
      expect(errorInfo?.toLowerCase()).toContain(name)
    } finally {
      await system.close()
    }
  })

  it('reports a run that cannot even save its task as a function error that names action, resource and function', async () => {
    const assemblyFolder = changedAssembly('without-update', template =>
      withoutAction(template, 'CollectRole', 'dynamodb:UpdateItem'),
    )
    const system = await localSystem({ assemblyFolder, account: { days: 1, eventsPerDay: 20 } })
    try {
      await system.registerSource({ supported_apis: ['sign-in'] })
      await system.stage.idle()
      const [notice] = system.notices
      expect(notice).toMatchObject({ kind: 'function error', functionName: 'collect' })
      expect(JSON.stringify(notice)).toMatch(
        /AccessDenied.*Collect.*not authorized to perform: dynamodb:UpdateItem.*TasksTable/,
      )
    } finally {
      await system.close()
    }
  })

  it('refuses to start with a bundle that does not load, and names it', async () => {
    const assemblyFolder = changedAssembly('bad-bundle', ({ Resources }, folder) => {
      const [collect] = Object.entries(Resources).filter(
        ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith('Collect'),
      )
      const key = JSON.stringify(collect?.[1].Properties['Code']).match(/([0-9a-f]{64})/)?.[1]
      writeFileSync(
        join(folder, `asset.${key}`, 'index.mjs'),
        'import "no-such-module"; export const handler = () => {}',
      )
    })
    await expect(localSystem({ assemblyFolder })).rejects.toThrow(/collect.*no-such-module/is)
  })

  it('refuses a resource type that it does not know, by name', async () => {
    const assemblyFolder = changedAssembly('unknown-type', ({ Resources }) => {
      Resources['Machine'] = { Type: 'AWS::EC2::Instance', Properties: {} }
    })
    await expect(localSystem({ assemblyFolder })).rejects.toThrow(/Machine.*AWS::EC2::Instance/s)
  })
})
