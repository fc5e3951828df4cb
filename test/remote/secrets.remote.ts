import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, onTestFinished } from 'vitest'
import { accessKeyStore } from '../../shared/adapters/access-key-store.ts'
import { tokenCache } from '../../shared/adapters/token-cache.ts'
import { tokenRemover, tokenSecrets } from '../../shared/adapters/token-secrets.ts'
import { accessKeyContract } from '../contract/access-key-contract.ts'
import { tokensContract } from '../contract/tokens-contract.ts'
import { remoteRun } from './remote-run.ts'

const { run, names, settings } = remoteRun()
const client = new SecretsManagerClient(settings)
afterAll(() => client.destroy())

/** The sources of the contract. Secrets Manager lists a secret late, so each test removes its own. */
const SOURCES = [1, 2, 3]
let worlds = 0

tokensContract('in an account', clock => {
  const prefix = `${run}/${++worlds}/source/`
  const remover = tokenRemover(client, prefix)
  onTestFinished(async () => {
    for (const sourceId of SOURCES) await remover.removeToken(sourceId)
  })
  return { reader: tokenCache(client, prefix, clock), writer: tokenSecrets(client, prefix), remover }
})

accessKeyContract('in an account', async () => () => accessKeyStore(client, names.accessKey))
