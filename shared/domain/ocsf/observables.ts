import type { Attributes } from './build-row.ts'

interface ObservableRow {
  readonly name: string
  readonly typeId: number
  readonly type: string
}

/** What an analyst looks for in all events, whatever their class. */
export const OBSERVABLES: readonly ObservableRow[] = [
  { name: 'user.uid', typeId: 31, type: 'User Object: uid' },
  { name: 'user.email_addr', typeId: 5, type: 'Email Address' },
  { name: 'actor.user.uid', typeId: 31, type: 'User Object: uid' },
  { name: 'actor.user.email_addr', typeId: 5, type: 'Email Address' },
  { name: 'src_endpoint.ip', typeId: 2, type: 'IP Address' },
  { name: 'group.uid', typeId: 33, type: 'Group Object: uid' },
  { name: 'resource.uid', typeId: 10, type: 'Resource UID' },
  { name: 'resources[].uid', typeId: 10, type: 'Resource UID' },
]

/** An object that the event does not name has this uid. */
const UNKNOWN = 'unknown'

const ROWS = OBSERVABLES.map(row => ({ ...row, path: row.name.replace('[]', '').split('.') }))

const readAll = (value: unknown, name: string): readonly unknown[] =>
  Array.isArray(value)
    ? value.map(element => (element as Attributes)[name])
    : [(value as Attributes | undefined)?.[name]]

function readPath(ocsf: Attributes, path: readonly string[]): readonly unknown[] {
  let object: unknown = ocsf
  for (const name of path.slice(0, -1)) object = (object as Attributes | undefined)?.[name]
  return readAll(object, path.at(-1) ?? '')
}

export interface Observable {
  readonly name: string
  readonly type_id: number
  readonly type: string
  readonly value: string
}

/** Lists the observables of an OCSF event. */
export function findObservables(ocsf: Attributes): Observable[] {
  const found: Observable[] = []
  for (const { name, typeId, type, path } of ROWS)
    for (const value of readPath(ocsf, path))
      if (typeof value === 'string' && value !== UNKNOWN) found.push({ name, type_id: typeId, type, value })
  return found
}
