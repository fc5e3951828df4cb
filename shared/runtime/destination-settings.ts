import type { DestinationKind } from '../contract/destinations.ts'
import { VARIABLES } from '../contract/variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads which destinations beside the lake the stack was deployed with. Without a variable there is none. */
export function readDestinationSettings(environment: Environment) {
  const { destinations, destinationHosts, destinationSecretPrefix } = VARIABLES
  return {
    kinds: JSON.parse(environment[destinations] ?? '[]') as readonly DestinationKind[],
    hosts: JSON.parse(environment[destinationHosts] ?? '[]') as readonly string[],
    secretPrefix: environment[destinationSecretPrefix] ?? '',
  }
}
