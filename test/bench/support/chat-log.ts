// A log of chats as production has them: some KB a line, several turns, one line in a thousand cut in the middle.

import { closeSync, openSync, writeSync } from 'node:fs'
import { randomFrom, textFrom } from './words.ts'

export interface ChatLog {
  readonly lines: number
  /** Lines that are no JSON. */
  readonly bad: number
  readonly bytes: number
}

const texts = Array.from({ length: 3000 }, (_, index) => textFrom(randomFrom(index), 30 + (index % 120)))
const writeAt = 4_000_000

/** Writes lines until the file has so many MB (10⁶ bytes). Seeded; no request twice. */
export function writeChatLog(path: string, megabytes: number): ChatLog {
  const file = openSync(path, 'w')
  let [lines, bytes, text] = [0, 0, '']
  for (; bytes < megabytes * 1e6; lines++) {
    const line = lines % 1000 === 999 ? '{"request":{"model":"gpt-x","messages":[{"role":"us' : lineOf(lines)
    bytes += line.length + 1
    text += `${line}\n`
    if (text.length < writeAt) continue
    writeSync(file, text)
    text = ''
  }
  writeSync(file, text)
  closeSync(file)
  return { lines, bad: Math.floor(lines / 1000), bytes }
}

function lineOf(index: number): string {
  const random = randomFrom(index * 2_654_435_761)
  const some = () => texts[Math.floor(random() * texts.length)]
  const messages = [{ role: 'system', content: some() }]
  const turns = 1 + Math.floor(random() * 4)
  for (let turn = 0; turn < turns; turn++) {
    messages.push({ role: 'user', content: `Case ${index}: ${some()}` })
    if (turn < turns - 1) messages.push({ role: 'assistant', content: `${some()}\n\n- ${some()}` })
  }
  const content = `${some()} "${some()}"\n${some()}`
  const usage = {
    prompt_tokens: 160,
    completion_tokens: 80,
    total_tokens: 240,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  }
  const message = { role: 'assistant', content, refusal: null }
  return JSON.stringify({
    timestamp: new Date(1_790_000_000_000 + index * 250).toISOString(),
    request: { model: 'gpt-x', messages, temperature: 0.2, max_tokens: 400 },
    response: {
      id: `chatcmpl-${index}`,
      object: 'chat.completion',
      created: 1_790_000_000,
      model: 'gpt-x-1',
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      usage,
    },
    latency_ms: 300 + Math.floor(random() * 900),
    conversation_id: `c${Math.floor(index / 3)}`,
    user: `u${index % 997}`,
    metadata: { route: `route-${index % 5}` },
  })
}
