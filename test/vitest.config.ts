// One runner for every kind of test: unit, property, conformance, golden, reference, browser, e2e.

import { defineConfig } from 'vitest/config'
import { ClosingLineReporter } from './support/closing-line-reporter.ts'

// oxlint-disable-next-line import/no-default-export -- the runner asks for one
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    reporters: ['default', new ClosingLineReporter()],
  },
})
