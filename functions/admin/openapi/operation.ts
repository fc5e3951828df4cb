import type { Schema } from './schema.ts'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: true
  readonly description: string
  readonly schema: Schema
}

interface Content {
  readonly 'application/json': { readonly schema: Schema; readonly example?: unknown }
}

export interface Answer {
  readonly description: string
  readonly headers?: Readonly<Record<string, object>>
  readonly content?: Content
}

/** By status. */
export type Answers = Readonly<Record<number, Answer | { readonly $ref: string }>>

export interface Operation {
  readonly operationId: string
  readonly tags: readonly [string]
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Answers
}

export interface Server {
  readonly url: string
  readonly description?: string
}

export type Method = 'get' | 'head' | 'post' | 'put' | 'delete'

export type PathItem = Readonly<Partial<Record<Method, Operation>>> & {
  readonly servers?: readonly Server[]
}

/** By path without its prefix. */
export type Paths = Readonly<Record<string, PathItem>>

export const bodyOf = (schema: Schema, example: unknown): Required<Operation>['requestBody'] => ({
  required: true,
  content: { 'application/json': { schema, example } },
})

/** Failures are described with their bodies: HEAD leaves those out too. */
const withoutContent = (answers: Answers): Answers =>
  Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => {
      if ('$ref' in answer) return [status, answer]
      const { content: _, ...bodiless } = answer
      return [status, bodiless]
    }),
  )

const headOf = (get: Operation): Operation => ({
  ...get,
  operationId: `${get.operationId}Head`,
  summary: `${get.summary}: as GET, without the body`,
  responses: withoutContent(get.responses),
})

/** HEAD is answered like GET, without the body. */
export const withHead = (paths: Paths): Paths =>
  Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [
      path,
      { ...item, ...(item.get && { head: headOf(item.get) }) },
    ]),
  )
