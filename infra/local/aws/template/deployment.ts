import { readAssembly } from './assembly.ts'
import { checkAttachments } from './attachments.ts'
import { readFunctions, readUrls } from './functions.ts'
import type { Deployment } from './model.ts'
import { gatherProblems } from './problems.ts'
import { ACCOUNT, REGION } from './pseudo-parameters.ts'
import { resolveTemplate } from './resolved-template.ts'
import { readRoles } from './roles.ts'
import { readBuses, readRules } from './rules.ts'
import { readStateMachines } from './state-machines.ts'
import { readBuckets, readQueues, readSecrets, readTables } from './storage.ts'
import { readLogGroups, readTopics } from './topics-and-logs.ts'

export interface DeploymentOptions {
  readonly assemblyFolder: string
  /** Returns the address of the function URL with this logical id. */
  readonly findUrl: (logicalId: string) => string
}

/** Reads what the assembly's template describes. Throws one error that names everything that is not understood. */
export function readDeployment({ assemblyFolder, findUrl }: DeploymentOptions): Deployment {
  const assembly = readAssembly(assemblyFolder)
  const problems = gatherProblems()
  const { stackName, resources, outputs } = resolveTemplate(assembly, findUrl, problems)
  checkAttachments(resources, problems)
  const deployment: Deployment = {
    stackName,
    account: ACCOUNT,
    region: REGION,
    tables: readTables(resources),
    buckets: readBuckets(resources, problems),
    secrets: readSecrets(resources),
    queues: readQueues(resources, problems),
    topics: readTopics(resources, problems),
    logGroups: readLogGroups(resources, problems),
    buses: readBuses(resources),
    rules: readRules(resources, problems),
    roles: readRoles(resources, problems),
    functions: readFunctions(resources, assembly, problems),
    stateMachines: readStateMachines(resources, problems),
    urls: readUrls(resources),
    outputs,
  }
  problems.throwIfAny()
  return deployment
}
