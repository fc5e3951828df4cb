import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A server in a process of its own, so that its work is nobody else's. */
export interface Server {
  readonly url: string
  stop(): Promise<void>
}

/** Starts a script of this folder that prints its address. */
export async function startServer(script: string, values: readonly number[]): Promise<Server> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...values.map(String)], {
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
