/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [
    'functions/collect/**/*.ts',
    'functions/dispatch/**/*.ts',
    'shared/domain/**/*.ts',
    'shared/adapters/**/*.ts',
  ],
  // A literal is a text for people, or a name that the type checker knows: it refuses the mutants of those.
  mutator: { excludedMutations: ['StringLiteral'] },
  // A mutant of what runs while a module is loaded needs all tests. They are constants and tables.
  ignoreStatic: true,
  testRunner: 'vitest',
  // `related: false`: the tests of a mutant are known from the first run.
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // A name that does not exist: the rewriting of tsconfig.json needs an API that TypeScript 7 no longer has.
  tsconfigFile: 'none',
  // A mutant that loops for ever is known by it. The time of the tests is longer in the first run, which loads everything.
  timeoutMS: 5_000,
  timeoutFactor: 0.5,
  dryRunTimeoutMinutes: 30,
  concurrency: 2,
  ignorePatterns: ['.local', 'cdk.out', 'reports'],
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  htmlReporter: { fileName: 'reports/mutation/mutation.html' },
  clearTextReporter: { reportTests: false, allowColor: false },
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  thresholds: { high: 95, low: 90, break: 90 },
}
