interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/**
 * Finds the credentials of a function in its environment, where Lambda puts them. In the bundles this stands in place of
 * the SDK's search for credentials, which would be a sixth of them (infra/node-function.ts).
 */
export const defaultProvider = () => async (): Promise<Credentials> => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env
  if (!accessKeyId || !secretAccessKey) throw new Error('The environment has no credentials of AWS.')
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
}
