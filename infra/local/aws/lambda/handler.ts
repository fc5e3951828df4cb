import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { InvocationRequest, SandboxSettings } from './messages.ts'

export type Handler = (event: unknown, context: object) => unknown

class LoadError extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

function findEntryFile(codeFolder: string, file: string): string {
  const found = join(codeFolder, `${file}.mjs`)
  if (existsSync(found)) return found
  throw new LoadError('Runtime.ImportModuleError', `${codeFolder} holds no ${file}.mjs.`)
}

/**
 * Loads the handler that the template names as `file.export`. Errors have the names that Lambda's runtime gives them.
 */
export async function loadHandler({ codeFolder, handler }: SandboxSettings): Promise<Handler> {
  const dot = handler.lastIndexOf('.')
  const [file, name] = [handler.slice(0, dot), handler.slice(dot + 1)]
  const module: Record<string, unknown> = await import(pathToFileURL(findEntryFile(codeFolder, file)).href)
  const found = module[name]
  if (typeof found !== 'function') {
    throw new LoadError('Runtime.HandlerNotFound', `${handler} is undefined or not a function.`)
  }
  return found as Handler
}

/** Creates the context object of Lambda's Node runtime. */
export function createLambdaContext(settings: SandboxSettings, invocation: InvocationRequest): object {
  return {
    awsRequestId: invocation.requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: settings.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: settings.functionArn,
    memoryLimitInMB: String(settings.memoryMb),
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    getRemainingTimeInMillis: () => Math.max(0, invocation.deadlineMs - Date.now()),
  }
}
