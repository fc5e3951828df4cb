import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { startDynamoDb } from '../dynamodb/dynamodb.ts'
import { createEventBridge, type EventBridgeOptions } from '../events/event-bridge.ts'
import { createAuthorizer, type RoleCall, toOwnerArn } from '../iam/authorizer.ts'
import { startS3 } from '../s3/s3.ts'
import { createSecretsManager } from '../secrets/secrets-manager.ts'
import type { Deployment } from '../template/model.ts'
import { type Caller, createCallers } from './callers.ts'
import { startHttpServer } from './http-server.ts'
import type { Intercept, Observe } from './interception.ts'
import { createRequestHandler } from './request-handler.ts'
import type { HttpCall, Service } from './service.ts'
import type { Credentials } from './signature.ts'

export interface GatewayOptions {
  readonly deployment: Deployment
  readonly clock: { now(): number }
  readonly dataDir: string
  /** Takes events that PutEvents accepted. PutEvents waits for it. */
  readonly putEvents: EventBridgeOptions['putEvents']
  /** Sees every call that is allowed, before and after it takes effect, and may replace its answer. */
  readonly intercept?: Intercept
  /** If it is given, answers of DynamoDB contain the consumed capacity, even if the caller did not ask for it. */
  readonly observe?: Observe
  /** Fixed values of secrets by logical id, instead of generated values. */
  readonly secretOverrides?: Readonly<Record<string, string>>
  /** Takes a message about each refusal, unknown operation or broken call. @default - prints it to standard error */
  readonly log?: (message: string) => void
}

/** DynamoDB, S3, Secrets Manager and EventBridge at one address, for the roles of one deployment. */
export interface Gateway {
  readonly url: string
  /** Credentials of the machine's owner, who may do whatever no policy denies. */
  readonly owner: Credentials
  /** Returns who signed a call. For a stranger or a bad signature it throws the error that AWS returns. */
  authenticate(call: HttpCall): Caller
  /** Returns the credentials that a function signs its calls with. They are the same each time. */
  credentials(roleArn: string, functionName: string): Credentials
  /** Throws AccessDenied unless the role may make this call. */
  authorize(call: RoleCall): void
  close(): Promise<void>
}

/** Starts the services on the data directory. Creates tables and secrets of the template that are missing there. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { deployment, clock, log = message => console.error(message) } = options
  const callers = createCallers()
  const authorizer = createAuthorizer(deployment)
  const services = await startServices({ ...options, log })
  const { intercept, observe } = options
  const handler = createRequestHandler({ services, callers, authorizer, intercept, observe, log })
  const server = await startHttpServer({ clock, handle: handler.handle })
  return {
    url: server.url,
    owner: callers.credentials({ roleArn: toOwnerArn(deployment.account), functionName: 'owner' }),
    authenticate: callers.authenticate,
    credentials: (roleArn, functionName) => callers.credentials({ roleArn, functionName }),
    authorize: authorizer.authorize,
    async close() {
      await server.close()
      await handler.settled()
      await Promise.all(services.values().map(service => service.close()))
    },
  }
}

/** The file in which a data directory keeps its secrets. */
export const secretsFile = (dataDir: string): string => path.join(dataDir, 'secrets.json')

async function startServices(
  options: GatewayOptions & Pick<EventBridgeOptions, 'log'>,
): Promise<ReadonlyMap<string, Service>> {
  const { deployment, clock, dataDir, putEvents, secretOverrides, log } = options
  await mkdir(dataDir, { recursive: true })
  const secrets = {
    deployment,
    clock,
    file: secretsFile(dataDir),
    overrides: secretOverrides ?? {},
  }
  const services = [
    createSecretsManager(secrets),
    createEventBridge({ deployment, clock, putEvents, log }),
    await startS3(deployment, clock, dataDir),
    await startDynamoDb(deployment, {
      folder: path.join(dataDir, 'tables'),
      metered: options.observe !== undefined,
    }),
  ]
  return new Map(services.map(service => [service.name, service]))
}
