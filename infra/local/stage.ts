import { join } from 'node:path'
import {
  type Deployment,
  type Emulator,
  type EmulatorOptions,
  type Notice,
  startEmulator,
  type VirtualClock,
} from 'aws-emulator'
import { COLLECT_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../../shared/contract/timing.ts'
import { createMetricFile, type InvalidMetricsNotice } from './metrics/metric-file.ts'
import {
  type AccessKey,
  createOwnerHeaders,
  findAccessKeySecret,
  type OwnerAccess,
  type OwnerRequest,
  readAccessKey,
  saveOwnerAccess,
} from './owner-access.ts'
import { synthesize } from './synthesize.ts'

export type StageNotice = Notice | InvalidMetricsNotice

export interface StageOptions
  extends Omit<EmulatorOptions, 'assemblyFolder' | 'lease' | 'secretValues' | 'onNotice'> {
  /** CDK context, beside the stage's own. */
  readonly context?: Readonly<Record<string, unknown>>
  /** A synthesized cloud assembly. @default - synthesized now */
  readonly assemblyFolder?: string
  /** Fixed credentials of the admin URL. @default - as the template generates them */
  readonly accessKey?: AccessKey
  readonly onNotice?: (notice: StageNotice) => void
}

/** The system on this machine. Its URL is the admin URL. */
export interface Stage extends Emulator {
  /** undefined if the admin URL asks for SigV4. */
  readonly accessKey: AccessKey | undefined
  /** The headers that prove the owner of the machine to the admin URL. */
  ownerHeaders(request: OwnerRequest): Record<string, string>
}

/** If a run dies with the stage, its task stays leased for this time. */
const RUN_LEASE = { timeoutMs: COLLECT_TIMEOUT_SECONDS * 1000, marginMs: LEASE_MARGIN_MS }

/** Besides the real hosts, simulated accounts on this machine may receive tokens. */
const LOCAL_CONTEXT = { allowedHosts: ['http://127.0.0.1'] }

const ASSEMBLY_FOLDER = join(import.meta.dirname, '..', '..', '.assembly')

/** Synthesizes the template and starts what it describes. Throws, with everything closed again, if any of it fails. */
export async function startStage(options: StageOptions): Promise<Stage> {
  const emulator = await startEmulator(emulatorOptions(options))
  try {
    const access = toOwnerAccess(emulator)
    const accessKey = readAccessKey(options.dataDir, findAccessKeySecret(emulator.deployment))
    saveOwnerAccess(options.dataDir, access)
    if (options.schedule ?? true) emulator.startSchedule()
    return { ...emulator, accessKey, ownerHeaders: request => createOwnerHeaders(access, accessKey, request) }
  } catch (error) {
    await emulator.close()
    throw error
  }
}

function emulatorOptions(options: StageOptions): EmulatorOptions {
  const {
    dataDir,
    accessKey,
    onNotice = () => {},
    onLog,
    context: _,
    assemblyFolder: __,
    ...others
  } = options
  let clock: Pick<VirtualClock, 'now'> = Date
  const keepMetrics = createMetricFile({ dataDir, clock: { now: () => clock.now() }, onNotice })
  return {
    ...others,
    dataDir,
    onNotice,
    assemblyFolder: async () => await findAssemblyFolder(options),
    lease: RUN_LEASE,
    // `startStage` starts the schedule after it has saved the owner's access.
    schedule: false,
    ...(accessKey && { secretValues: deployment => fixSecretValue(deployment, accessKey) }),
    async companion(given) {
      clock = given
      return (await options.companion?.(given)) ?? { close: async () => {} }
    },
    onLog(line) {
      keepMetrics(line)
      onLog?.(line)
    },
  }
}

function fixSecretValue(deployment: Deployment, accessKey: AccessKey): Record<string, string> {
  const secret = findAccessKeySecret(deployment)
  if (secret) return { [secret.logicalId]: JSON.stringify(accessKey) }
  throw new Error('An access id and key are given, but with adminAuth=iam the admin URL asks for SigV4.')
}

function toOwnerAccess({ url, endpoint, owner, deployment }: Emulator): OwnerAccess {
  const secret = findAccessKeySecret(deployment)
  return {
    adminUrl: url,
    endpoint,
    region: deployment.region,
    credentials: owner,
    ...(secret && { accessKeySecretArn: secret.arn }),
  }
}

/** Returns the folder of the cloud assembly that a stage with these options starts. */
export const findAssemblyFolder = ({
  assemblyFolder,
  context,
}: Pick<StageOptions, 'assemblyFolder' | 'context'>): Promise<string> | string =>
  assemblyFolder ?? synthesize({ outDir: ASSEMBLY_FOLDER, context: { ...LOCAL_CONTEXT, ...context } })
