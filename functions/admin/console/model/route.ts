/** A place in the page, as the part of its address behind the #. */
export type Route =
  | { readonly view: 'overview' }
  | { readonly view: 'collection'; readonly health?: string }
  | { readonly view: 'source'; readonly id: number }
  | { readonly view: 'edit'; readonly id: number }
  | { readonly view: 'add' }
  | { readonly view: 'events'; readonly source?: number }

const ID = /^\d{1,16}$/

/** An address that is not known is that of the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [view, id = '', action] = path.split('/')
  if (view === 'add') return { view }
  const given = new URLSearchParams(query)
  if (view === 'collection') {
    const health = given.get('health')
    return { view, ...(health !== null && { health }) }
  }
  if (view === 'sources' && ID.test(id))
    return { view: action === 'edit' ? action : 'source', id: Number(id) }
  if (view === 'events') {
    const source = given.get('source') ?? ''
    return { view, ...(ID.test(source) && { source: Number(source) }) }
  }
  return { view: 'overview' }
}
