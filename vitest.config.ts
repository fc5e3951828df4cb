import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'infra/local/aws/test/**/*.test.ts'],
    // The slowest files mostly wait, so one more worker than vitest's default pays, also on two cores.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    tags: [{ name: 'long', description: 'Takes seconds, and is left out of the mutation run.' }],
  },
})
