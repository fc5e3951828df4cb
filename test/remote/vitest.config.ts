import { defineConfig } from 'vitest/config'

/** Calls of an account take tens of milliseconds, and some reads are only eventually consistent: hence time and retries. */
export default defineConfig({
  test: {
    include: ['test/remote/*.remote.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 2,
  },
})
