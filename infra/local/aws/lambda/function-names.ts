import type { FunctionResource } from '../template/model.ts'

/** A name for people, from the construct's: `CollectFunction02542C7F` → `collect`. */
export const friendlyName = ({ logicalId }: Pick<FunctionResource, 'logicalId'>): string => {
  const construct = logicalId.replace(/[0-9A-F]{8}$/, '').replace(/(?<=.)Function$/, '')
  return construct.charAt(0).toLowerCase() + construct.slice(1)
}

/** A function by its friendly name, logical id or name. Throws, listing what there is. */
export function findFunction(functions: readonly FunctionResource[], name: string): FunctionResource {
  const found = functions.find(each => [friendlyName(each), each.logicalId, each.name].includes(name))
  if (found) return found
  throw new Error(`There is no function ${name}; there are ${functions.map(friendlyName).join(', ')}.`)
}
