// One arm of the demo without a server: its answers in the demo's own bytes, at the demo's own times, on a clock that is turned by hand.

import type { Clock } from '../../../src/core/clock.ts'
import type { AnswerBook } from '../../../src/demo/answers.ts'
import { completion, readChatRequest, streamParts } from '../../../src/demo/chat.ts'
import { draw, type ServedAnswer } from '../../../src/demo/draw.ts'
import { paced } from '../../../src/demo/pace.ts'
import { openaiChat } from '../../../src/providers/openai-chat.ts'
import { type Exchange, ResponseFolder } from '../../../src/replay/exchange.ts'
import type { Wire } from '../../../src/replay/wire.ts'

export interface SimulatedArmOptions {
  readonly book: AnswerBook
  readonly model: string
  readonly seed: string
  readonly timeScale: number
  readonly clock: Clock
}

/** A part of a response, and when it comes, in ms after the request. */
interface DuePart {
  readonly text: string
  readonly dueMs: number
}

/** Answers as `createDemoServer` does, but that each part comes exactly when it is due. */
export function simulatedArm({ book, model, seed, timeScale, clock }: SimulatedArmOptions) {
  const asked = new Map<string, number>()
  let served = 0
  return async ({ body }: Wire): Promise<Exchange> => {
    const chat = readChatRequest(body)
    if ('status' in chat) throw new Error(`the demo refuses a request of its own: ${JSON.stringify(chat.body)}`)
    const ask = asked.get(chat.prompt) ?? 0
    asked.set(chat.prompt, ask + 1)
    const answer = draw(book, { seed, prompt: chat.prompt, ask })
    if (answer === null) throw new Error('the demo has no answer to a prompt of its own log')
    served += 1
    const sentAtMs = clock.now()
    const head = { id: `chatcmpl-demo-${served}`, created: Math.floor(sentAtMs / 1000), model }
    const totalMs = answer.latencyMs / timeScale
    const parts = chat.isStreamed
      ? streamed(answer, totalMs, streamParts(head, answer, chat.hasUsageChunk))
      : [{ text: JSON.stringify(completion(head, answer)), dueMs: totalMs }]
    await clock.sleep(totalMs)
    return folded(parts, { sentAtMs, totalMs, type: chat.isStreamed ? 'text/event-stream' : 'application/json' })
  }
}

function streamed(answer: ServedAnswer, totalMs: number, parts: ReturnType<typeof streamParts>): DuePart[] {
  const pieces = paced(answer.text, { tokens: answer.outputTokens, totalMs })
  return [
    { text: parts.opening, dueMs: pieces[0]?.dueMs ?? totalMs },
    ...pieces.map(({ text, dueMs }) => ({ text: parts.piece(text), dueMs })),
    { text: parts.ending, dueMs: totalMs },
  ]
}

/** What the harness makes of these bytes. */
function folded(parts: readonly DuePart[], at: { sentAtMs: number; totalMs: number; type: string }): Exchange {
  const folder = new ResponseFolder(openaiChat)
  const encoder = new TextEncoder()
  folder.start(200, { 'content-type': at.type }, parts[0]?.dueMs ?? at.totalMs)
  for (const { text, dueMs } of parts) folder.push(encoder.encode(text), dueMs)
  return folder.finish(folder.end(at.totalMs), at)
}
