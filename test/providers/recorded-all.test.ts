// Every recording that there is, whichever API it is of: its own reader reads it, and no other takes it for an answer.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/core/types.ts'
import { createFrameReader } from '../../src/providers/framing.ts'
import { providers } from '../../src/providers/index.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { parseJson } from '../../src/providers/shape.ts'
import { cassette, framed, isWireAbsent, wireFolder } from './recorded.ts'

/** The first that fits says which API a recording is of; null is an API that nothing here reads. */
const apis: readonly (readonly [RegExp, string | null])[] = [
  [/^envoy-openai-vcr\/completion-/, 'openai-completions'],
  [/^envoy-openai-vcr\//, 'openai-chat'],
  [/^tensorzero\/chat_completions_/, 'openai-chat'],
  [/^vercel-ai\/anthropic\//, 'anthropic-messages'],
  [/^vercel-ai\/azure\/azure-deepseek-/, 'openai-chat'],
  [/^vercel-ai\/azure\//, 'openai-responses'],
  // Google's Interactions.
  [/^vercel-ai\/google\/interactions\//, null],
  [/^vercel-ai\/google\//, 'gemini-generate-content'],
  [/^vercel-ai\/openai(?:-compatible)?\/chat\//, 'openai-chat'],
  [/^vercel-ai\/openai\/completion\//, 'openai-completions'],
  [/^vercel-ai\/openai\/responses\//, 'openai-responses'],
]

/** No exchange at all: licences, and rows of TensorZero's own tables. */
const noExchange = /LICENSE$|_datapoint_fixture\.jsonl$/

/** What an API refused. */
const refusals = /-(?:bad-request|no-messages|unknown-model)\.yaml$|(?:-error|openai-error\.1|retry-info)\.json$/

/** Streams that are no answer: one failed, and one was written by hand and lacks a brace. */
const broken = /\/(?:openai-error\.1|parallel-tool-call-wrapper\.1)\.chunks\.txt$/

/** Streams as bytes; anything else as JSON. */
function bodyOf(path: string): Json {
  if (path.endsWith('.yaml')) return cassette(path.replace(/^.*\/|\.yaml$/g, '')).response
  if (/\.chunks\.txt$|_streaming_\w+\.jsonl$/.test(path)) {
    // Google's streams have no end marker.
    return path.includes('/google/') ? framed(path).replace(/data: \[DONE\]\n\n$/, '') : framed(path)
  }
  const text = readFileSync(join(wireFolder, path), 'utf8')
  return path.endsWith('.sse') ? text : (parseJson(text) ?? null)
}

function reads(provider: Provider, body: Json): boolean {
  if (typeof body !== 'string') return provider.reply(body) !== null
  const frames = createFrameReader(provider.framing)
  const reader = provider.stream()
  for (const event of [...frames.push(new TextEncoder().encode(body)), ...frames.end()]) reader.push(event)
  return 'reply' in reader.end()
}

const files = isWireAbsent
  ? []
  : readdirSync(wireFolder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(wireFolder.length + 1))
      .filter((path) => !noExchange.test(path))
      .toSorted()

// Recordings outside the repository: ../shared/data/wire.
describe.skipIf(isWireAbsent)('every recording (skipped where ../shared/data/wire is absent)', () => {
  test('there are some', () => {
    expect(files.length).toBeGreaterThan(200)
  })

  test.each(files)('%s', (path) => {
    const found = apis.find(([pattern]) => pattern.test(path))
    expect(found, 'of a known API').toBeDefined()
    const own = providers.filter(({ name }) => name === found?.[1])
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
