import { expect, it, onTestFinished } from 'vitest'
import { synthesize } from '../../../infra/local/synthesize.ts'
import { API_NAMES } from '../../../shared/contract/apis.ts'
import { temporaryDirectory } from '../../support/folders.ts'
import { lakeLines, localSystem } from '../../support/local-system.ts'

const KEY = 'arn:aws:kms:us-east-1:000000000000:key/1a2b3c4d-0000-4444-8888-121212121212'

it('collects, changes and deletes under a key of the user’s own, with the grants of the template', async () => {
  const scratch = temporaryDirectory()
  onTestFinished(scratch.remove)
  const assemblyFolder = await synthesize({
    outDir: scratch.path,
    context: { allowedHosts: ['http://127.0.0.1'], kmsKeyArn: KEY },
  })
  const system = await localSystem({ assemblyFolder, account: { days: 1, eventsPerDay: 100 } })
  onTestFinished(system.close)
  const ids = await system.registerSource()
  await system.stage.idle()
  const path = `collectors/${ids.collectorId}/sources/${ids.sourceId}`
  expect(await system.stateOf(ids)).toEqual({ state: 'Collecting' })
  for (const api of API_NAMES) expect(lakeLines(system.dataDir, api, ids.sourceId).length).toBeGreaterThan(0)
  // The access key's, and the token's.
  expect(system.secretsText().split(KEY)).toHaveLength(3)

  const { body, etag } = await system.read<{ source: { config: object } }>(path)
  const source = { ...body.source, config: { ...body.source.config, api_token: system.account.token } }
  await system.call('PUT', path, { source }, { 'if-match': etag })
  await system.tick()
  expect(await system.stateOf(ids)).toEqual({ state: 'Collecting' })
  await system.call('DELETE', path)
  await system.stage.idle()
  expect(system.secretsText().split(KEY)).toHaveLength(2)
  expect(system.notices).toEqual([])
}, 120_000)
