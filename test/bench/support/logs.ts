// Production logs for benches: seeded, no request twice, each about the size of a real chat request.

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { randomFrom, textFrom } from './words.ts'

export interface ChatRequest {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
}

const systems = Array.from({ length: 8 }, (_, index) => textFrom(randomFrom(900 + index), 40))

/** Line `index` of a log: requests of 600 B to 1 KB, three to a conversation, of five routes. */
function lineOf(index: number): string {
  const random = randomFrom(index * 2_654_435_761)
  const question = `Case ${index}: ${textFrom(random, 45 + Math.floor(random() * 60))}`
  return JSON.stringify({
    timestamp: new Date(1_790_000_000_000 + index * 250).toISOString(),
    request: {
      model: 'captured-model',
      messages: [
        { role: 'system', content: systems[index % systems.length] },
        { role: 'user', content: question },
      ],
      temperature: 0.2,
      max_tokens: 400,
    },
    response: {
      id: `chatcmpl-${index}`,
      object: 'chat.completion',
      created: 1_790_000_000,
      model: 'captured-model',
      choices: [{ index: 0, message: { role: 'assistant', content: textFrom(random, 60) }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 160, completion_tokens: 80, total_tokens: 240 },
    },
    latency_ms: 300 + Math.floor(random() * 900),
    conversation_id: `c${Math.floor(index / 3)}`,
    user: `u${index % 997}`,
    metadata: { route: `route-${index % 5}` },
  })
}

/** Writes a log of so many lines, a thousand at a time. */
export function writeLog(path: string, lines: number): void {
  const file = openSync(path, 'w')
  for (let from = 0; from < lines; from += 1000) {
    const size = Math.min(1000, lines - from)
    writeSync(file, `${Array.from({ length: size }, (_, index) => lineOf(from + index)).join('\n')}\n`)
  }
  closeSync(file)
}

/** The requests of a log that `writeLog` wrote. */
export function readRequests(path: string): ChatRequest[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).request)
}
