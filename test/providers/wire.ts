// The wider recordings, outside the repository: which there are, of which API each is, and its answer.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../../src/core/types.ts'
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
export const refusals = /-(?:bad-request|no-messages|unknown-model)\.yaml$|(?:-error|openai-error\.1|retry-info)\.json$/

/** Streams that are no answer: one failed, and one was written by hand and lacks a brace. */
export const broken = /\/(?:openai-error\.1|parallel-tool-call-wrapper\.1)\.chunks\.txt$/

/** Streams as bytes; anything else as JSON. */
export function bodyOf(path: string): Json {
  if (path.endsWith('.yaml')) return cassette(path.replace(/^.*\/|\.yaml$/g, '')).response
  if (/\.chunks\.txt$|_streaming_\w+\.jsonl$/.test(path)) {
    // Google's streams have no end marker.
    return path.includes('/google/') ? framed(path).replace(/data: \[DONE\]\n\n$/, '') : framed(path)
  }
  const text = readFileSync(join(wireFolder, path), 'utf8')
  return path.endsWith('.sse') ? text : (parseJson(text) ?? null)
}

/** The API that a recording is of: null where nothing here reads it, undefined where it is of no known folder. */
export function apiOf(path: string): string | null | undefined {
  return apis.find(([pattern]) => pattern.test(path))?.[1]
}

export const files = isWireAbsent
  ? []
  : readdirSync(wireFolder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(wireFolder.length + 1))
      .filter((path) => !noExchange.test(path))
      .toSorted()
