/** Intrinsics as text that a person can read and a test can compare: `<TasksTable.Arn>`, without the hash of logical ids. */
export function rendered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rendered)
  if (typeof value !== 'object' || value === null) return value
  const node = value as Record<string, unknown>
  if (typeof node['Ref'] === 'string') return `<${unhashed(node['Ref'])}>`
  const attribute = node['Fn::GetAtt'] as [string, string] | undefined
  if (attribute) return `<${unhashed(attribute[0])}.${attribute[1]}>`
  const join = node['Fn::Join'] as [string, unknown[]] | undefined
  if (join) return join[1].map(rendered).join(join[0])
  return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, rendered(member)]))
}

export const unhashed = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '')
