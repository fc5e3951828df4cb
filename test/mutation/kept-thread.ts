import { type PoolOptions, type PoolWorker, ThreadsPoolWorker, type WorkerRequest } from 'vitest/node'

/** A thread is replaced after so many runs, since each run leaves a few listeners in it. */
const MOST_RUNS = 40

/** A test that fails because it lasts longer may go on for ever. */
export const TEST_TIMEOUT_MS = 10_000

/** A thread that says nothing while it uses so much time of the processor is in a loop without an end. */
const SILENT_CPU_MS = 5000
const WATCH_MS = 500

type Listener = (message: unknown) => void

let kept: { readonly thread: ThreadsPoolWorker; runs: number } | undefined

export async function stopKeptThread(): Promise<void> {
  const { thread } = kept ?? {}
  kept = undefined
  await thread?.stop()
}

/**
 * A thread of vitest that outlives a run of tests: so the modules of the product, of the SDK and of the emulator are
 * loaded once for many mutants. Stryker makes one run of vitest for each mutant, for which vitest would start a thread.
 */
export class KeptThread implements PoolWorker {
  readonly name = 'kept-thread'
  readonly #options: PoolOptions
  readonly #listeners = new Set<Listener>()
  #isIdle = true
  #startedMs = 0
  #sign = process.cpuUsage()
  #watch: NodeJS.Timeout | undefined

  constructor(options: PoolOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    kept ??= { thread: new ThreadsPoolWorker(this.#options), runs: 0 }
    kept.runs += 1
    await kept.thread.start()
    kept.thread.on('message', this.#noticeMessage)
  }

  send(message: WorkerRequest): void {
    if (message.type === 'run') this.#noticeStart(message.context.providedContext)
    if (message.type === 'stop' && this.#canKeep()) this.#answerStop()
    else kept?.thread.send(message)
  }

  async stop(): Promise<void> {
    clearInterval(this.#watch)
    kept?.thread.off('message', this.#noticeMessage)
    if (!this.#canKeep()) await stopKeptThread()
  }

  on(event: string, listener: Listener): void {
    if (event === 'message') this.#listeners.add(listener)
    kept?.thread.on(event, listener)
  }

  off(event: string, listener: Listener): void {
    this.#listeners.delete(listener)
    kept?.thread.off(event, listener)
  }

  deserialize(message: unknown): unknown {
    return message
  }

  #canKeep(): boolean {
    const isLong = performance.now() - this.#startedMs >= TEST_TIMEOUT_MS
    return this.#isIdle && !isLong && kept !== undefined && kept.runs < MOST_RUNS
  }

  #noticeStart({ mode }: { readonly mode?: unknown }): void {
    this.#isIdle = false
    this.#startedMs = performance.now()
    this.#sign = process.cpuUsage()
    if (mode !== 'mutant') return
    this.#watch = setInterval(() => {
      const { user, system } = process.cpuUsage(this.#sign)
      if ((user + system) / 1000 > SILENT_CPU_MS) this.#endLoop()
    }, WATCH_MS)
  }

  readonly #noticeMessage = (message: { type?: string }): void => {
    this.#sign = process.cpuUsage()
    if (message.type === 'testfileFinished') this.#isIdle = true
  }

  /** Stryker takes a mutant for one that does not end if a place in the code was reached far too often. */
  #endLoop(): void {
    clearInterval(this.#watch)
    for (const { meta } of this.#options.project.vitest.state.getFiles())
      Object.assign(meta, { hitCount: Number.MAX_SAFE_INTEGER })
    void stopKeptThread()
  }

  /** A thread that is told to stop listens to nothing any more: so it is not told. */
  #answerStop(): void {
    const answer = { __vitest_worker_response__: true, type: 'stopped' }
    for (const listener of this.#listeners) listener(answer)
  }
}
