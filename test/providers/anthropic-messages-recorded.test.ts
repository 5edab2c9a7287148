// Recorded answers of Anthropic's messages, read as replay reads them: whole, streamed, and split at any byte.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json, Reply } from '../../src/core/types.ts'
import { anthropicMessages } from '../../src/providers/anthropic-messages.ts'
import { isObject, textAt } from '../../src/providers/shape.ts'
import { eventsOf, expectSameSplitAnywhere, type Facts, fold, recordedEvents, wire } from './object-streams.ts'
import { isWireAbsent, readJson, specimen, wireFolder } from './recorded.ts'

function replyTo(events: readonly Json[]): Reply {
  const end = fold(anthropicMessages, [wire(anthropicMessages, events)])
  if (!('reply' in end)) throw new Error(end.broken)
  return end.reply
}

const streamOf = (name: string) => eventsOf(specimen(`vercel-anthropic-messages-${name}`).response)

describe('specimens', () => {
  test('a text', () => {
    expect(replyTo(streamOf('text'))).toEqual({
      text: "Hello! I'm doing well, thank you for asking. How are you doing today? Is there anything I can help you with?",
      toolCalls: [],
      stop: 'end',
      usage: { input: 12, output: 30, cachedInput: 0, reasoning: null },
      servedModel: 'claude-sonnet-4-5-20250929',
    })
  })

  test('a tool call without arguments, streamed and whole', () => {
    const call = { toolCalls: [{ name: 'updateIssueList', arguments: '{}' }], stop: 'tool' }
    expect(replyTo(streamOf('tool'))).toMatchObject({ ...call, text: "I'll update the issue list for you." })
    expect(anthropicMessages.reply(specimen('vercel-anthropic-messages-whole').response)).toMatchObject(call)
  })

  test('thinking is no answer', () => {
    expect(replyTo(streamOf('thinking')).text).toBe('925 ÷ 5 = 185')
  })

  test('a refusal without content', () => {
    expect(replyTo(streamOf('refusal'))).toMatchObject({
      text: expect.stringMatching(/^This request triggered restrictions .* Usage Policy\.$/),
      stop: 'refused',
      usage: { input: 18, output: 5 },
    })
  })

  test('another model took over', () => {
    expect(replyTo(streamOf('fallback'))).toMatchObject({ servedModel: 'claude-opus-4-8', usage: { input: 412 } })
  })

  test('a proxy that began anew: the first attempt at the answer is dropped', () => {
    expect(replyTo(streamOf('spliced'))).toMatchObject({
      text: '',
      toolCalls: [{ name: 'test-tool', arguments: '{"value":"Sparkle Day"}' }],
    })
  })

  test.each(['text', 'tool', 'thinking', 'refusal', 'fallback', 'spliced'])(
    '%s: split anywhere, and kept as a list, it is the same reply',
    (name) => {
      const events = streamOf(name)
      expectSameSplitAnywhere(anthropicMessages, events, 100)
      expect(anthropicMessages.reply(events)).toEqual(replyTo(events))
      expect(anthropicMessages.reply(events.slice(0, -1))).toEqual(replyTo(events))
    },
  )

  test('a stream cut at any byte is broken, never a shorter answer', () => {
    const all = wire(anthropicMessages, streamOf('thinking'))
    const end = Buffer.from(all).lastIndexOf('"message_stop"}') + '"message_stop"}'.length
    for (let cut = 0; cut < end; cut += 5) {
      expect(fold(anthropicMessages, [all.subarray(0, cut)])).toHaveProperty('broken')
    }
    expect(fold(anthropicMessages, [all.subarray(0, end)])).toHaveProperty('reply')
  })
})

/** Lengths in UTF-16 units; the text of a refusal without content is its explanation. */
const wholes: readonly Facts[] = [
  ['anthropic-advisor-20260301.1.json', 'end', 10746, [], 2414, 3200],
  ['anthropic-advisor-stop-reasons.json', 'end', 0, [], 10, 20],
  ['anthropic-claude-opus-5-reasoning-high.1.json', 'end', 2644, [], 51, 1699],
  ['anthropic-clear-thinking.1.json', 'end', 13, [], 69, 33],
  ['anthropic-clear-tool-uses.1.json', 'end', 493, [], 859, 132],
  ['anthropic-code-execution-20250825.1.json', 'end', 509, [], 7881, 608],
  ['anthropic-code-execution-20250825.2.json', 'end', 1563, [], 12546, 1359],
  ['anthropic-code-execution-20250825.pptx-skill.json', 'end', 3971, [], 950648, 13856],
  ['anthropic-code-execution-file-upload.1.json', 'end', 878, [], 7451, 521],
  ['anthropic-combined-context-editing.1.json', 'end', 391, [], 50, 418],
  ['anthropic-compaction.1.json', 'end', 4384, [], 61067, 1912],
  ['anthropic-fallback.json', 'end', 66, [], 412, 264],
  ['anthropic-json-other-tool.1.json', 'tool', 0, ['weather'], 843, 28],
  ['anthropic-json-output-format.1.json', 'end', 2005, [], 371, 629],
  ['anthropic-json-tool.1.json', 'tool', 0, ['json'], 1151, 87],
  ['anthropic-mcp.1.json', 'end', 127, [], 1250, 88],
  ['anthropic-memory-20250818.1.json', 'tool', 0, ['memory'], 1614, 69],
  ['anthropic-programmatic-tool-calling.1.json', 'end', 857, ['rollDie', 'rollDie', 'rollDie', 'rollDie'], 4243, 229],
  ['anthropic-refusal-no-details.json', 'refused', 0, [], 18, 5],
  ['anthropic-refusal.json', 'refused', 110, [], 18, 5],
  ['anthropic-text.json', 'end', 105, [], 12, 29],
  ['anthropic-tool-no-args.json', 'tool', 255, ['updateIssueList'], 602, 93],
  ['anthropic-tool-search-bm25.1.json', 'tool', 179, ['get_weather'], 1631, 161],
  ['anthropic-tool-search-deferred-bm25.2.json', 'tool', 226, ['executeEditorOperation'], 1398, 213],
  ['anthropic-tool-search-deferred-regex.2.json', 'tool', 228, ['executeEditorOperation'], 1520, 203],
  ['anthropic-tool-search-regex.1.json', 'tool', 103, ['get_temp_data'], 1676, 184],
  ['anthropic-web-fetch-tool-20260209.1.json', 'end', 187, [], 7204, 162],
  ['anthropic-web-fetch-tool.1.json', 'end', 1716, [], 4234, 462],
  ['anthropic-web-fetch-tool.2.json', 'end', 1570, [], 28638, 365],
  ['anthropic-web-fetch-tool.error.json', 'end', 579, [], 1902, 214],
  ['anthropic-web-search-tool.1.json', 'end', 1874, [], 27118, 600],
]

/** `#n` is the nth answer of a file that holds several. */
const streams: readonly Facts[] = [
  ['anthropic-advisor-20250301.1', 'end', 11250, [], 4727, 3391],
  ['anthropic-advisor-stop-reasons', 'end', 0, [], 10, 20],
  ['anthropic-clear-thinking.1', 'end', 13, [], 69, 53],
  ['anthropic-clear-tool-uses.1', 'end', 440, [], 859, 122],
  ['anthropic-code-execution-20250825.1', 'end', 795, [], 8050, 771],
  ['anthropic-code-execution-20250825.2', 'end', 1793, [], 15696, 2479],
  ['anthropic-code-execution-20250825.pptx-skill', 'end', 2870, [], 320032, 5558],
  ['anthropic-code-execution-20260120-prompt-cache.1', 'end', 62, [], 9632, 198],
  ['anthropic-code-execution-file-upload.1', 'end', 1022, [], 11505, 1103],
  ['anthropic-combined-context-editing.1', 'end', 362, [], 50, 485],
  ['anthropic-compaction.1', 'end', 8518, [], 60997, 3341],
  ['anthropic-fallback', 'end', 66, [], 412, 264],
  ['anthropic-json-other-tool.1', 'tool', 0, ['weather'], 843, 28],
  ['anthropic-json-output-format.1', 'end', 1267, [], 313, 305],
  ['anthropic-json-tool.1', 'tool', 0, ['json'], 849, 47],
  ['anthropic-json-tool.2', 'tool', 35, ['json'], 849, 47],
  ['anthropic-mcp.1', 'end', 112, [], 1250, 83],
  ['anthropic-message-delta-input-tokens', 'end', 4, [], 61, 2],
  ['anthropic-programmatic-tool-calling.1#0', 'tool', 157, ['rollDie'], 3369, 725],
  ['anthropic-programmatic-tool-calling.1#14', 'end', 676, [], 4551, 197],
  ['anthropic-refusal', 'refused', 110, [], 18, 5],
  ['anthropic-text', 'end', 108, [], 12, 30],
  ['anthropic-tool-no-args', 'tool', 35, ['updateIssueList'], 565, 48],
  ['anthropic-tool-search-bm25.1#0', 'tool', 177, ['get_weather'], 1630, 158],
  ['anthropic-tool-search-bm25.1#1', 'end', 119, [], 1040, 41],
  ['anthropic-tool-search-deferred-bm25#0', 'tool', 156, ['readNoteTree'], 879, 177],
  ['anthropic-tool-search-deferred-bm25#1', 'tool', 225, ['executeEditorOperation'], 1398, 213],
  ['anthropic-tool-search-deferred-bm25#2', 'end', 353, [], 1639, 95],
  ['anthropic-tool-search-deferred-regex#0', 'tool', 156, ['readNoteTree'], 904, 175],
  ['anthropic-tool-search-deferred-regex#1', 'tool', 223, ['executeEditorOperation'], 1519, 211],
  ['anthropic-tool-search-deferred-regex#2', 'end', 425, [], 1758, 118],
  ['anthropic-tool-search-regex.1#0', 'tool', 85, ['get_temp_data'], 1681, 163],
  ['anthropic-tool-search-regex.1#1', 'end', 239, [], 1071, 67],
  ['anthropic-web-fetch-tool-20260209.1', 'end', 194, [], 7172, 144],
  ['anthropic-web-fetch-tool.1', 'end', 1664, [], 4230, 446],
  ['anthropic-web-search-tool.1', 'end', 2402, [], 15665, 795],
  ['duplicate-message-start', 'end', 13, [], 17, 227],
  ['spliced-message-start', 'tool', 0, ['test-tool'], 17, 65],
  // Answers of the steps between, which came whole in their start.
  ...Array.from({ length: 13 }, (_, at): Facts => {
    return [`anthropic-programmatic-tool-calling.1#${at + 1}`, 'tool', 0, ['rollDie'], 0, 0]
  }),
]

/** A reply as the facts would have it, and whether its arguments are objects. */
function factsOf(reply: Reply | null) {
  const calls = reply?.toolCalls ?? []
  return {
    facts: [reply?.stop, reply?.text.length, calls.map((call) => call.name), reply?.usage?.input, reply?.usage?.output],
    areObjects: calls.every((call) => isObject(JSON.parse(call.arguments))),
  }
}

function answersIn(file: string): readonly (readonly Json[])[] {
  const answers: Json[][] = [[]]
  for (const event of recordedEvents(`vercel-ai/anthropic/${file}.chunks.txt`)) {
    answers.at(-1)?.push(event)
    if (textAt(event, 'type') === 'message_stop') answers.push([])
  }
  return answers.filter((answer) => answer.length > 0)
}

// Recordings outside the repository: ../shared/data/wire.
describe.skipIf(isWireAbsent)('the wider recordings (skipped where ../shared/data/wire is absent)', () => {
  test('none is left out', () => {
    const files = readdirSync(join(wireFolder, 'vercel-ai/anthropic'))
    const named = [...wholes.map(([name]) => name), ...streams.map(([name]) => `${name.replace(/#.*/, '')}.chunks.txt`)]
    expect(files.toSorted()).toEqual([...new Set(named)].toSorted())
  })

  test.each(wholes)('%s is an answer', (...facts) => {
    const reply = anthropicMessages.reply(readJson(join(wireFolder, 'vercel-ai/anthropic', facts[0])))
    expect(factsOf(reply)).toEqual({ facts: facts.slice(1), areObjects: true })
  })

  test.each(streams)('%s folds, whole and split', (...facts) => {
    const [file = '', at = '0'] = facts[0].split('#')
    const events = answersIn(file)[Number(at)] ?? []
    expect(factsOf(replyTo(events))).toEqual({ facts: facts.slice(1), areObjects: true })
    expectSameSplitAnywhere(anthropicMessages, events, 5)
  })

  test('answers of other APIs are none', () => {
    for (const path of ['openai/chat/openai-text', 'google/google-text', 'openai/responses/openai-mcp-tool.1']) {
      expect(anthropicMessages.reply(readJson(join(wireFolder, `vercel-ai/${path}.json`)))).toBeNull()
    }
    const events = recordedEvents('vercel-ai/openai/chat/openai-text.chunks.txt')
    expect(fold(anthropicMessages, [wire(anthropicMessages, events)])).toHaveProperty('broken')
  })
})
