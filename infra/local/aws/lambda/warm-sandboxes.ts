import type { Sandbox } from './sandbox.ts'

/** Real time that a sandbox beside the last is kept warm. */
const IDLE_MS = 30_000

/** The sandboxes of one function, those at rest ready to be used again. */
export interface WarmSandboxes {
  /** The one used last, or a new one. */
  take(): Sandbox
  giveBack(sandbox: Sandbox): void
  /** Ends all, those in use too. */
  terminateAll(): Promise<void>
}

export function createWarmSandboxes(start: () => Sandbox): WarmSandboxes {
  const all = new Set<Sandbox>()
  let idle: Sandbox[] = []

  const endIfIdle = (sandbox: Sandbox): void => {
    if (!idle.includes(sandbox) || idle.length < 2) return
    idle = idle.filter(each => each !== sandbox)
    all.delete(sandbox)
    void sandbox.terminate()
  }
  const forgetDead = (): void => {
    idle = idle.filter(each => each.alive())
    for (const sandbox of all) if (!sandbox.alive()) all.delete(sandbox)
  }

  return {
    take() {
      forgetDead()
      const sandbox = idle.pop() ?? start()
      all.add(sandbox)
      return sandbox
    },
    giveBack(sandbox) {
      idle.push(sandbox)
      forgetDead()
      setTimeout(endIfIdle, IDLE_MS, sandbox).unref()
    },
    async terminateAll() {
      await Promise.all([...all].map(sandbox => sandbox.terminate()))
      forgetDead()
    },
  }
}
