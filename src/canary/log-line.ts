// One line of the router's log: a format that `ingest` reads, so that tomorrow's replay is today's traffic.

import type { Json } from '../core/types.ts'
import type { Served } from './served.ts'

export interface Logged {
  readonly served: Served
  /** Parsed, without names of persons; null where it is no JSON. */
  readonly request: Json
  /** The answer's text, cleaned like the request. */
  readonly answer: string
  readonly firstTokenMs: number | null
  readonly segments: Readonly<Record<string, string>>
}

/**
 * JSON, with its line feed. `user_id` is the pseudonym. A failed try that production mended, and a copy that nobody saw, say so in
 * `metadata`; a copy is nobody's traffic, and is not replayed.
 */
export function logLine({ served, request, answer, firstTokenMs, segments }: Logged): string {
  const { id, atMs, path, status, user, group, servedBy, reason, isUnseen, headersMs, totalMs, failure } = served
  return `${JSON.stringify({
    id,
    timestamp: new Date(atMs).toISOString(),
    request: { method: 'POST', url: path, body: request },
    response: { status, body: answerIn(answer) },
    latency_ms: round(totalMs),
    ...(firstTokenMs !== null && { ttft_ms: round(firstTokenMs) }),
    ...(headersMs !== null && { headers_ms: round(headersMs) }),
    ...(user !== null && { user_id: user }),
    ...(failure !== null && { error: failure.detail }),
    metadata: { ...segments, arm: servedBy, group: group ?? 'none', reason, ...(isUnseen && { unseen: 'true' }) },
  })}\n`
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}

/** Whole answers as JSON, streams as their text. */
function answerIn(text: string): Json {
  if (!/^\s*[{[]/.test(text)) return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
