import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The first test that fails ends the work on a mutant: so the tests that take least come first. */
const FOLDERS = ['test/unit/', 'test/functional/', 'test/contract/']

const folderRank = ({ moduleId }: TestSpecification): number =>
  FOLDERS.findIndex(folder => moduleId.includes(folder))

class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => folderRank(a) - folderRank(b) || a.moduleId.localeCompare(b.moduleId))
  }
}

/** The quick tests: no local stage, no simulation, no processes. */
export default defineConfig({
  test: {
    include: [
      'test/unit/**/*.test.ts',
      'test/contract/**/*.test.ts',
      'test/functional/collect/**/*.test.ts',
      'test/functional/dispatch/**/*.test.ts',
    ],
    // Two tests measure memory and depth, which takes long in changed code. The third needs many examples; the contract
    // of the tasks table tests the same code.
    exclude: [
      'test/unit/domain/stream/page-memory.test.ts',
      'test/unit/domain/stream/json-depth.test.ts',
      'test/contract/task-transitions.test.ts',
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: ['test/mutation/fewer-examples.ts'],
    isolate: false,
    sequence: { sequencer: QuickestFirst },
  },
})
