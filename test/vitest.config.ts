// One runner for every kind of test: unit, property, conformance, golden, reference, browser, e2e.

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { ClosingLineReporter } from './support/closing-line-reporter.ts'

const e2e = 'test/e2e/**/*.test.ts'

/** What would not hold beside another file, and why. */
const alone = [
  'test/e2e/demo.test.ts', // asks that latencies of 30 ms come out as the data say
  'test/e2e/hostile.test.ts', // a call must end soon after its time is out
  'test/e2e/open-loop.test.ts', // requests must go out within milliseconds of when they are due
  'test/e2e/judge.test.ts', // a kill must come within a few answers of the judge
  'test/e2e/limits.test.ts', // six seconds must be enough for a hundred answers
  'test/e2e/llama.test.ts', // a model answers, on every core there is
  'test/e2e/soak.test.ts', // a night's seconds stand for its minutes
]

// oxlint-disable-next-line import/no-default-export -- the runner asks for one
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    // How soon something comes is the machine's doing: what waits gives up late, and passes as soon as it can.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', new ClosingLineReporter()],
    projects: [
      {
        extends: true,
        test: { name: 'house', include: ['test/**/*.test.ts'], exclude: [e2e], maxWorkers: 2 },
      },
      {
        // Each file starts processes and servers of its own and waits for them: two files fill the two cores of a CI machine.
        extends: true,
        test: { name: 'e2e', include: [e2e], exclude: alone, maxWorkers: 2 },
      },
      {
        // After the others and one file at a time: they measure, or they need the whole machine.
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
