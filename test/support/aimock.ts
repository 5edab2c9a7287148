// A mock LLM server that others wrote (@copilotkit/aimock), with a book of what reached it and of what it did about it.

import { isChatCompletionBody, type JournalEntry, LLMock, type MockServerOptions } from '@copilotkit/aimock'
import { onTestFinished } from 'vitest'

export interface Mock {
  readonly mock: LLMock
  /** Ends in `/v1`. */
  readonly url: string
  /** The question of every chat that came, in order: also of those that were given up before anything was served. */
  readonly heard: readonly string[]
  /** What was served, in order. A chat whose client left during the mock's latency is not among them. */
  readonly served: () => readonly JournalEntry[]
}

/** Listens on a free port until the test ends. `prepare` says what it answers; the first rule that fits does. */
export async function startMock(prepare: (mock: LLMock) => unknown, options: MockServerOptions = {}): Promise<Mock> {
  const heard: string[] = []
  const mock = new LLMock({
    port: 0,
    // 0: every request is kept, where the default forgets all but the last thousand.
    journalMaxEntries: 0,
    // Called once for each chat, before any chaos.
    requestTransform: (request) => {
      heard.push(questionOf(request))
      return request
    },
    ...options,
  })
  prepare(mock)
  await mock.start()
  onTestFinished(() => mock.stop())
  const served = () => mock.getRequests().filter((entry) => entry.method === 'POST')
  return { mock, url: `${mock.url}/v1`, heard, served }
}

/** What the last message of a chat says. */
export function questionOf(body: JournalEntry['body']): string {
  const content = isChatCompletionBody(body) ? body.messages.at(-1)?.content : null
  return typeof content === 'string' ? content : ''
}
