import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification, type Vite } from 'vitest/node'
import { KeptThread, stopKeptThread, TEST_TIMEOUT_MS } from './kept-thread.ts'

/** The first test that fails ends the work on a mutant: so the tests that take least come first. */
const FOLDERS = ['test/unit/', 'test/functional/', 'test/contract/']

const folderRank = ({ moduleId }: TestSpecification): number =>
  FOLDERS.findIndex(folder => moduleId.includes(folder))

/** How long each file took when all of its tests ran, in milliseconds. */
const durations = new Map<string, number>()

class QuickestFirst extends BaseSequencer {
  #duration(file: TestSpecification): number {
    const { duration } = this.ctx.cache.getTestSpecificationResult(file) ?? {}
    const known = durations.get(file.moduleId) ?? duration
    if (known !== undefined) durations.set(file.moduleId, known)
    return known ?? 0
  }

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => folderRank(a) - folderRank(b) || this.#duration(a) - this.#duration(b))
  }
}

/** Stryker names a pool of its own choice to vitest, and allows no other: so it is replaced after that. */
const keptThreads: Vite.Plugin = {
  name: 'kept-threads',
  configureVitest: ({ vitest, project }) => {
    vitest.onClose(stopKeptThread)
    project.config.pool = 'kept-thread'
    project.config.poolRunner = { name: 'kept-thread', createPoolWorker: options => new KeptThread(options) }
  },
}

/** The quick tests: no local stage, no simulation, no processes. */
export default defineConfig({
  plugins: [keptThreads],
  test: {
    include: [
      'test/unit/**/*.test.ts',
      'test/contract/**/*.test.ts',
      'test/functional/collect/**/*.test.ts',
      'test/functional/dispatch/**/*.test.ts',
    ],
    // Two tests measure memory and depth, which takes long in changed code. The third needs many examples; the contract
    // of the tasks table tests the same code. The fourth masks a token in 150 answers, and masking has unit tests.
    exclude: [
      'test/unit/domain/stream/page-memory.test.ts',
      'test/unit/domain/stream/json-depth.test.ts',
      'test/contract/task-transitions.test.ts',
      'test/functional/collect/reflected-token.test.ts',
    ],
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: 60_000,
    tags: [{ name: 'long', skip: true }],
    env: { MOST_EXAMPLES: '15' },
    setupFiles: ['test/mutation/fewer-examples.ts'],
    isolate: false,
    sequence: { sequencer: QuickestFirst },
  },
})
