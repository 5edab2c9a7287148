// A request that the candidate answered: what a test does not care about is as plain as can be.

import type { Served } from '../../src/canary/served/served.ts'

export const plainServed: Served = {
  id: 'id',
  atMs: 0,
  api: 'openai-chat',
  path: '/v1/chat/completions',
  arm: 'candidate',
  servedBy: 'candidate',
  group: 'candidate',
  user: 'u',
  reason: 'user',
  isCopied: false,
  isUnseen: false,
  segments: {},
  request: new Uint8Array(),
  status: 200,
  headers: {},
  answer: new Uint8Array(),
  isCut: false,
  pieces: new Float64Array(),
  headersMs: 1,
  totalMs: 2,
  failure: null,
}
