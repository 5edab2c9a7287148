// One runner for every kind of test: unit, property, conformance, golden, reference, browser, e2e.

import { defineConfig } from 'vitest/config'
import { ClosingLineReporter } from './support/closing-line-reporter.ts'

const e2e = 'test/e2e/**/*.test.ts'

// oxlint-disable-next-line import/no-default-export -- the runner asks for one
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', new ClosingLineReporter()],
    projects: [
      {
        extends: true,
        test: { name: 'house', include: ['test/**/*.test.ts'], exclude: [e2e], maxWorkers: 2 },
      },
      {
        // After the others and one file at a time: they start processes and servers of their own, and some measure.
        extends: true,
        test: { name: 'e2e', include: [e2e], fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
