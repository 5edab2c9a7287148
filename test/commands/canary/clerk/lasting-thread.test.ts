// A thread that ends, and what becomes of it where there is no other.

import { expect, it } from 'vitest'
import { startLastingThread } from '../../../../src/commands/canary/clerk/lasting-thread.ts'
import { createThreadRestarts } from '../../../../src/commands/canary/clerk/thread-restarts.ts'

it('that can’t be started again ends nothing else, and is tried as often as it may be', async () => {
  const told: string[] = []
  let starts = 0
  const thread = startLastingThread<string, never>({
    entry: new URL('data:text/javascript,throw new Error("too much")'),
    // What no thread can be given keeps it from being made.
    data: () => (++starts === 1 ? {} : () => {}),
    restarts: createThreadRestarts([0, 0]),
    onNews: () => {},
    onEnd: (why, restart) => told.push(`${why}: ${restart === null ? 'no more' : 'again'}`),
    onRestart: () => told.push('it is there again'),
  })
  await expect.poll(() => told).toHaveLength(3)
  expect(told).toEqual([
    'too much: again',
    expect.stringMatching(/could not be cloned.*: again/),
    expect.stringMatching(/could not be cloned.*: no more/),
  ])
  expect(thread.isThere()).toBe(false)
  await thread.close('end')
})
