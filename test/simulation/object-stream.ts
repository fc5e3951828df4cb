import { API_NAMES, type Api } from '../../shared/contract/apis.ts'

/** Reads source and API from the key of an object. */
export function streamOf(key: string): { readonly sourceId: number; readonly api: Api } {
  const api = API_NAMES.find(name => key.includes(`/api=${name}/`))
  const [sourceId = ''] = key.slice(key.lastIndexOf('/') + 1).split('-')
  if (!api) throw new Error(`${key} is of no API`)
  return { sourceId: Number(sourceId), api }
}
