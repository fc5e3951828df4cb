import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { InvocationRequest, SandboxSettings } from './messages.ts'

export type Handler = (event: unknown, context: object) => unknown

const EXTENSIONS = ['mjs', 'js', 'cjs']

class LoadError extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

function entryFile(codeFolder: string, file: string): string {
  const candidates = EXTENSIONS.map(extension => join(codeFolder, `${file}.${extension}`))
  const found = candidates.find(candidate => existsSync(candidate))
  if (!found) {
    throw new LoadError('Runtime.ImportModuleError', `${codeFolder} holds no ${file} (.mjs, .js or .cjs).`)
  }
  return found
}

/** Loads what a template's handler (`file.export`) names. Errors are named as Lambda's runtime names them. */
export async function loadHandler({ codeFolder, handler }: SandboxSettings): Promise<Handler> {
  const dot = handler.lastIndexOf('.')
  const [file, name] = [handler.slice(0, dot), handler.slice(dot + 1)]
  const module: Record<string, unknown> = await import(pathToFileURL(entryFile(codeFolder, file)).href)
  const found = module[name] ?? (module['default'] as Record<string, unknown> | undefined)?.[name]
  if (typeof found !== 'function') {
    throw new LoadError('Runtime.HandlerNotFound', `${handler} is undefined or not a function.`)
  }
  return found as Handler
}

/** The context object of Lambda's Node runtime. */
export function lambdaContext(settings: SandboxSettings, invocation: InvocationRequest): object {
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
