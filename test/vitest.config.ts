// One runner for every kind of test; e2e tests start real processes and servers, so files get two minutes.
import { defineConfig } from 'vitest/config'

// oxlint-disable-next-line import/no-default-export -- the runner asks for one
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    reporters: process.env['CI'] ? ['default'] : ['dot'],
  },
})
