// Every recording that there is, whichever API it is of: its own reader reads it, and no other takes it for an answer.

import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/core/types.ts'
import { createFrameReader } from '../../src/providers/framing.ts'
import { providers } from '../../src/providers/index.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { isWireAbsent } from './recorded.ts'
import { apiOf, bodyOf, broken, files, refusals } from './wire.ts'

function reads(provider: Provider, body: Json): boolean {
  if (typeof body !== 'string') return provider.reply(body) !== null
  const frames = createFrameReader(provider.framing)
  const reader = provider.stream()
  for (const event of [...frames.push(new TextEncoder().encode(body)), ...frames.end()]) reader.push(event)
  return 'reply' in reader.end()
}

// Recordings outside the repository: ../shared/data/wire.
describe.skipIf(isWireAbsent)('every recording (skipped where ../shared/data/wire is absent)', () => {
  test('there are some', () => {
    expect(files.length).toBeGreaterThan(200)
  })

  test.each(files)('%s', (path) => {
    const api = apiOf(path)
    expect(api, 'of a known API').toBeDefined()
    const own = providers.filter(({ name }) => name === api)
    const body = bodyOf(path)
    const readers = providers.filter((provider) => reads(provider, body))
    if (!refusals.test(path) && !broken.test(path)) return expect(readers).toEqual(own)
    expect(readers).toEqual([])
    for (const provider of refusals.test(path) ? own : []) {
      expect(provider.rejection(400, body)).toMatchObject({
        code: expect.any(String),
        detail: expect.stringMatching(/^\w/),
      })
    }
  })
})
