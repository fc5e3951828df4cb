import { WINDOW } from '../http/query.ts'
import { get, type RouteGroup } from '../http/route.ts'
import { getCollection } from './read.ts'

export const COLLECTION: RouteGroup = {
  name: 'Collection',
  description: 'All at a glance.',
  routes: {
    getCollection: get('/collection', getCollection, 'How all collectors and their sources are doing', {
      description:
        'Our extension, for the page at the admin URL. `limit` and `offset` count sources, and collectors without one. ' +
        'All times are absolute: send the ETag with the next call, and it is answered 304 until something has happened.',
      query: WINDOW,
      answer: 'Collection',
      tagged: 'content',
    }),
  },
}
