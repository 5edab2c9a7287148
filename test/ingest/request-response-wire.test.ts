// Every recording that there is, as a plain line: its answer is read as its API's own reader reads it.

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { replyIn } from '../../src/ingest/parts/reply-in.ts'
import { providers } from '../../src/providers/index.ts'
import { isWireAbsent } from '../providers/recorded.ts'
import { apiOf, bodyOf, broken, files, refusals } from '../providers/wire.ts'
import { temporaryFolder } from './files.ts'
import { readLines } from './specimens.ts'

const folder = temporaryFolder()
const hi = [{ role: 'user', content: 'Hi' }]
/** A request that says no more than it must. */
const asked: Readonly<Record<string, JsonObject>> = {
  'openai-chat': { model: 'm', messages: hi },
  'openai-completions': { model: 'm', prompt: 'Hi' },
  'openai-responses': { model: 'm', input: 'Hi' },
  'anthropic-messages': { model: 'm', max_tokens: 9, messages: hi },
  'gemini-generate-content': { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
}

describe.skipIf(isWireAbsent)('every recording as a line (skipped where ../shared/data/wire is absent)', () => {
  test.each(files.filter((path) => apiOf(path) !== null))('%s', async (path) => {
    const name = apiOf(path)
    const provider = providers.find((each) => each.name === name)
    if (provider === undefined) throw new Error(`${path} is of no known API`)
    const { records, reasons } = await readLines(folder, {
      request: asked[provider.name] ?? {},
      response: bodyOf(path),
    })
    expect(reasons).toEqual([])
    const [record] = records
    if (refusals.test(path)) {
      expect(record?.recorded).toBeNull()
      expect(record?.recordedError?.message).toMatch(/\w/)
    } else if (broken.test(path)) {
      expect(record?.recorded).toBeNull()
    } else {
      const reply = replyIn(bodyOf(path), provider)
      expect(reply).not.toBeNull()
      expect(record).toMatchObject({ api: name, fidelity: 'full', recordedError: null })
      // A key that a recording holds is taken out of its text.
      expect(record?.recorded).toMatchObject({ stop: reply?.stop, usage: reply?.usage })
      expect(record?.recorded?.text.slice(0, 40)).toBe(reply?.text.slice(0, 40))
      expect(record?.recorded?.toolCalls.map((call) => call.name)).toEqual(reply?.toolCalls.map((call) => call.name))
    }
  })
})
