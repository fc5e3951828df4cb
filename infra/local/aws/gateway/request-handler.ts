import { isAccessDenied } from '../iam/access-denied.ts'
import type { Authorizer } from '../iam/authorizer.ts'
import type { Caller, Callers } from './callers.ts'
import type { Ending } from './http-server.ts'
import type { Fault, Intercept, InterceptedCall, Observe } from './interception.ts'
import { jsonFailure } from './json-protocol.ts'
import {
  type Answer,
  type HttpCall,
  isServiceError,
  type Operation,
  type Service,
  ServiceError,
} from './service.ts'
import { readAuthorization } from './signature.ts'

interface RequestHandlerOptions {
  readonly services: ReadonlyMap<string, Service>
  readonly callers: Callers
  readonly authorizer: Authorizer
  readonly intercept: Intercept | undefined
  readonly observe: Observe | undefined
  readonly log: (message: string) => void
}

interface RequestHandler {
  handle(call: HttpCall): Promise<Ending>
  /** Resolves when no operation is under way any more. */
  settled(): Promise<void>
}

/** Handles a call: finds out who made it and what it asks for, checks whether it is allowed, and carries it out. */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  const running = new Set<Promise<unknown>>()
  let sequence = 0

  const performed = (operation: Operation): Promise<Answer> => {
    const work = operation.perform()
    running.add(work)
    return work.finally(() => running.delete(work))
  }

  const answer = async (call: HttpCall, service: Service): Promise<Ending> => {
    const caller = options.callers.authenticate(call)
    const require = (need: Operation['needs'][0]) => options.authorizer.authorize({ ...caller, ...need })
    const operation = service.operation(call, require)
    operation.needs.forEach(require)
    const seen = toInterceptedCall(service, operation, caller, ++sequence)
    const before = await options.intercept?.(seen, 'before')
    if (before) return toEnding(before, service, call)
    const result = await performed(operation).catch(error =>
      toFailureAnswer(error, service, call, options.log),
    )
    options.observe?.(seen, { request: call, answer: result })
    const after = await options.intercept?.(seen, 'after')
    return after ? toEnding(after, service, call) : result
  }

  return {
    async handle(call) {
      const service = options.services.get(serviceName(call)) ?? createUnknownService(serviceName(call))
      return await answer(call, service).catch(error => toFailureAnswer(error, service, call, options.log))
    },
    async settled() {
      await Promise.allSettled(running)
    },
  }
}

const serviceName = (call: HttpCall): string => readAuthorization(call.headers.authorization)?.service ?? ''

const createUnknownService = (name: string): Service => ({
  name,
  operation: () => {
    throw new ServiceError('UnknownService', `The local stage does not emulate the service ${name}`)
  },
  failure: jsonFailure,
  close: async () => undefined,
})

const toInterceptedCall = (
  { name: service }: Service,
  { name: action, needs: [{ resource }] }: Operation,
  { functionName }: Caller,
  sequence: number,
): InterceptedCall => ({ service, action, resource, functionName, sequence })

function toEnding(fault: Fault, service: Service, call: HttpCall): Ending {
  if (fault.kind !== 'error') return fault.kind
  return service.failure(new ServiceError(fault.code, fault.message, fault.status), call)
}

function toFailureAnswer(
  error: unknown,
  service: Service,
  call: HttpCall,
  log: (message: string) => void,
): Answer {
  const failure = toServiceError(error)
  if (NOTEWORTHY.has(failure.code)) log(`${service.name}: ${failure.code}: ${failure.message}`)
  return service.failure(failure, call)
}

const NOTEWORTHY = new Set(['AccessDenied', 'NotImplemented', 'UnknownService', 'InternalFailure'])

function toServiceError(error: unknown): ServiceError {
  if (isServiceError(error)) return error
  if (isAccessDenied(error)) return new ServiceError('AccessDenied', error.message, 403)
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  return new ServiceError('InternalFailure', `The local stage failed: ${name}: ${message}`, 500)
}
