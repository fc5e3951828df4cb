export interface UrlAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface UrlRequest {
  readonly authorization?: string
  readonly ifMatch?: string
  readonly body?: object
}

/** A call as a function URL hands it on: payload format 2.0. */
export function urlRequest(
  method: string,
  target: string,
  { authorization, ifMatch, body }: UrlRequest = {},
): object {
  const [rawPath = '', rawQueryString = ''] = target.split('?')
  const now = Date.now()
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: {
      host: 'a1b2c3d4e5.lambda-url.eu-central-1.on.aws',
      ...(authorization && { authorization }),
      ...(ifMatch && { 'if-match': ifMatch }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(rawQueryString && { queryStringParameters: Object.fromEntries(new URLSearchParams(rawQueryString)) }),
    requestContext: {
      accountId: 'anonymous',
      apiId: 'a1b2c3d4e5',
      domainName: 'a1b2c3d4e5.lambda-url.eu-central-1.on.aws',
      domainPrefix: 'a1b2c3d4e5',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'test' },
      requestId: '51af3dc0-1b2c-4d5e-8f90-a1b2c3d4e5f6',
      routeKey: '$default',
      stage: '$default',
      time: new Date(now).toUTCString(),
      timeEpoch: now,
    },
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  }
}
