// What a router's watch is told of, made up: users of both groups, each with a few answers.

import type { Witnessed } from '../../../src/commands/canary/clerk/watch.ts'
import type { AnsweredCall, Usage } from '../../../src/core/types.ts'
import { providerServedBy } from '../../../src/providers/index.ts'
import { replyOf } from '../../support/nouns.ts'

const provider = providerServedBy('openai-chat', null)
const request = { model: 'now', messages: [{ role: 'user', content: 'Hi' }], stream: true }

export interface Answering {
  readonly text?: string
  readonly latencyMs?: number
  /** null: the answer is not streamed. */
  readonly firstTokenMs?: number | null
  readonly usage?: Usage | null
}

const usage: Usage = { input: 100, output: 20, cachedInput: 40, reasoning: null }

export function callOf({
  text = 'Noon.',
  latencyMs = 500,
  firstTokenMs = 100,
  usage: own = usage,
}: Answering): AnsweredCall {
  return { outcome: replyOf({ text, usage: own }), latencyMs, firstTokenMs, tries: 1 }
}

export function lineOf(parts: Partial<Witnessed['line']>): Witnessed['line'] {
  const arm = parts.group === 'candidate' ? 'candidate' : 'production'
  const line = {
    id: 'id',
    group: 'control',
    reason: 'user',
    unseen: false,
    shadow: false,
    user: 'u',
    segments: {},
  } as const
  return { ...line, arm, request, ...parts }
}

export function witnessed(parts: Partial<Witnessed['line']>, answering: Answering = {}): Witnessed {
  return { line: lineOf(parts), provider, call: callOf(answering) }
}
