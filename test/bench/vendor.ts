import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Vendor {
  readonly url: string
  stop(): Promise<void>
}

export interface VendorSize {
  /** How many events each API has. */
  readonly events: number
  /** How long a request to an API takes, beside the work. */
  readonly delayMs: number
}

/** Starts an account in a process of its own, so that its work is nobody else's. */
export async function startVendor({ events, delayMs }: VendorSize): Promise<Vendor> {
  const script = join(import.meta.dirname, 'vendor-process.ts')
  const child = spawn(process.execPath, [script, String(events), String(delayMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [address] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    url: address.toString(),
    async stop() {
      child.kill()
      await exited
    },
  }
}
