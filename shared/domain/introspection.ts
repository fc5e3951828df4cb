import { RunFailure } from './failure.ts'

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(text => typeof text === 'string')

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

/** The features that a token has, from the answer of GET /api/v2/auth/introspect (reference §3). Throws RunFailure. */
export function readFeatures(body: Uint8Array): readonly string[] {
  const features = (parsed(body) as { features?: unknown } | null | undefined)?.features
  if (isTexts(features)) return features
  throw new RunFailure(
    'ThirdPartyGeneric',
    200,
    '1Password answered 200 with something that is not an introspection: no list of features. It is asked again; if this lasts, check base_url and any proxy in between.',
  )
}
