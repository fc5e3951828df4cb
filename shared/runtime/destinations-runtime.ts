import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { destinationSecretReader } from '../adapters/destination-secrets.ts'
import { type CreateDestination, openedDestinations } from '../adapters/opened-destinations.ts'
import { systemClock } from '../adapters/system.ts'
import type { DestinationKind } from '../contract/destinations.ts'
import type { Destinations } from '../destination-ports.ts'
import { type Environment, readDestinationSettings } from './destination-settings.ts'

/** Each adapter is loaded when a run has events for it. A source without such a destination pays nothing for it. */
const ADAPTERS: { readonly [Kind in DestinationKind]: () => Promise<CreateDestination> } = {
  sumologic: async () => (await import('../adapters/sumologic-source.ts')).sumoLogicSource,
}

/** The destinations that the function may send to, by its environment. */
export function collectDestinations(secrets: SecretsManagerClient, environment: Environment): Destinations {
  const { kinds, hosts, secretPrefix } = readDestinationSettings(environment)
  return openedDestinations({
    clock: systemClock,
    kinds: Object.fromEntries(kinds.map(kind => [kind, ADAPTERS[kind]])),
    readSecret: destinationSecretReader(secrets, secretPrefix),
    allowedHosts: hosts,
  })
}
