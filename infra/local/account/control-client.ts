/** How a call of the control endpoint ended. A fault is a sentence about what is wrong with the call. */
type Switched = { readonly isSwitched: true } | { readonly isSwitched: false; readonly fault: string }

/** Switches the mode of an account that runs, perhaps in another process. Without a feature it switches everything. */
export async function putMode(
  accountUrl: string,
  { mode, feature }: { readonly mode: string; readonly feature?: string | undefined },
): Promise<Switched> {
  const body = JSON.stringify({ mode, ...(feature !== undefined && { feature }) })
  try {
    const response = await fetch(`${accountUrl}/control/mode`, { method: 'PUT', body })
    if (response.ok) return { isSwitched: true }
    const { error } = (await response.json()) as { readonly error?: string }
    return { isSwitched: false, fault: `${error ?? `The account answered ${response.status}`}.` }
  } catch {
    return { isSwitched: false, fault: `No simulated account answers at ${accountUrl}: is it running?` }
  }
}
