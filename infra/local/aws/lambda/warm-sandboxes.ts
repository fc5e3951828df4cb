import type { Sandbox } from './sandbox.ts'

/** Real time for which an idle sandbox is kept warm. The last one is kept for ever. */
const IDLE_MS = 30_000

/** The sandboxes of one function. Idle ones are used again. */
interface WarmSandboxes {
  /** Returns the sandbox that was used last, or a new one. */
  take(): Sandbox
  giveBack(sandbox: Sandbox): void
  /** Ends all sandboxes, those in use too. */
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
