import { type PoolOptions, type PoolWorker, ThreadsPoolWorker, type WorkerRequest } from 'vitest/node'

/** A thread is replaced after so many runs, since each run leaves a few listeners in it. */
const MOST_RUNS = 40

type Listener = (message: unknown) => void

let kept: { readonly thread: ThreadsPoolWorker; runs: number } | undefined

export async function stopKeptThread(): Promise<void> {
  await kept?.thread.stop()
  kept = undefined
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

  constructor(options: PoolOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    kept ??= { thread: new ThreadsPoolWorker(this.#options), runs: 0 }
    kept.runs += 1
    await kept.thread.start()
    kept.thread.on('message', this.#noticeEnd)
  }

  send(message: WorkerRequest): void {
    if (message.type === 'run') this.#isIdle = false
    if (message.type === 'stop' && this.#canKeep()) this.#answerStop()
    else kept?.thread.send(message)
  }

  async stop(): Promise<void> {
    kept?.thread.off('message', this.#noticeEnd)
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
    return this.#isIdle && kept !== undefined && kept.runs < MOST_RUNS
  }

  readonly #noticeEnd = (message: { type?: string }): void => {
    if (message.type === 'testfileFinished') this.#isIdle = true
  }

  /** A thread that is told to stop listens to nothing any more: so it is not told. */
  #answerStop(): void {
    const answer = { __vitest_worker_response__: true, type: 'stopped' }
    for (const listener of this.#listeners) listener(answer)
  }
}
