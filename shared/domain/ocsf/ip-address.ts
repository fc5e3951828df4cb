/** The schema allows an address 40 characters. */
const MAX_LENGTH = 40
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`)
const IPV4_AT_END = new RegExp(`(?<=:)${BYTE}(?:\\.${BYTE}){3}$`)
const GROUP = /^[0-9A-Fa-f]{1,4}$/
const GROUPS = 8

const splitGroups = (text: string): string[] => (text === '' ? [] : text.split(':'))

/** Whether the text is an IPv6 address. `::` stands for at least one group, and occurs once at most. */
function isIpv6(text: string): boolean {
  // An IPv4 address at the end counts as two groups.
  const [head = '', tail, ...more] = text.replace(IPV4_AT_END, '0:0').split('::')
  const groups = [...splitGroups(head), ...splitGroups(tail ?? '')]
  const isComplete = tail === undefined ? groups.length === GROUPS : groups.length < GROUPS
  return isComplete && more.length === 0 && groups.every(group => GROUP.test(group))
}

/** Whether OCSF takes the text as an IP address, of version 4 or 6. */
export const isIpAddress = (text: string): boolean =>
  text.length <= MAX_LENGTH && (IPV4.test(text) || (text.includes(':') && isIpv6(text)))
