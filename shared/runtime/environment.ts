/** Reads environment variables. Throws one error that names all that are missing. */
export function readEnvironment<Name extends string>(
  variables: Readonly<Record<Name, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<Name, string> {
  const entries = Object.entries<string>(variables).map(
    ([name, variable]) => [name, environment[variable]] as const,
  )
  const missing = entries
    .filter(([, value]) => value === undefined || value === '')
    .map(([name]) => variables[name as Name])
  if (missing.length > 0) throw new Error(`The environment lacks ${missing.join(', ')}.`)
  return Object.fromEntries(entries) as Record<Name, string>
}
