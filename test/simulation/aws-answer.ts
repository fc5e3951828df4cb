/** Creates an error with the name and the status that the SDK would give it. */
export function awsError(name: string, status?: number): Error {
  const error = Object.assign(new Error(`${name}, says the simulation`), {
    ...(status !== undefined && { $metadata: { httpStatusCode: status } }),
  })
  error.name = name
  return error
}

/** What a service of AWS answers: also an error is an answer, which may be lost like any other. */
export type AwsAnswer<T> = { readonly value: T } | { readonly error: Error }

/** Returns what the caller of the SDK gets. Throws the error, if the answer is one. */
export function takeAnswer<T>(answer: AwsAnswer<T>): T {
  if ('error' in answer) throw answer.error
  return answer.value
}
