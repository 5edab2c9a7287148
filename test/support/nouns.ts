// Records, attempts and runs for tests: valid ones, with what a test wants changed.

import type { Run } from '../../src/core/judgement.ts'
import type { Attempt, Outcome, Reply, RequestRecord } from '../../src/core/types.ts'
import { targetOf } from './sender.ts'

export function recordOf(id: string, changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id,
    api: 'openai-chat',
    body: { model: 'captured', messages: [{ role: 'user', content: id }] },
    capturedAt: '2026-11-01T10:00:00.000Z',
    recorded: null,
    recordedTiming: null,
    recordedUsage: null,
    recordedError: null,
    feedback: [],
    cluster: null,
    segments: {},
    fidelity: 'full',
    fidelityReason: null,
    callId: null,
    traceId: null,
    source: { file: 'log.jsonl', line: 1, format: 'request-response' },
    ...changes,
  }
}

export function replyOf(changes: Partial<Reply> = {}): Outcome & { readonly kind: 'reply' } {
  const usage = { input: 20, output: 5, cachedInput: 10, reasoning: null }
  return {
    kind: 'reply',
    reply: { text: 'Noon.', toolCalls: [], stop: 'end', usage, servedModel: 'test-model-2026', ...changes },
  }
}

export function attemptOf(recordId: string, changes: Partial<Attempt> = {}): Attempt {
  return {
    recordId,
    ordinal: 0,
    arm: 'production',
    trial: 0,
    round: 0,
    tries: 0,
    isFinal: true,
    position: 0,
    dueAt: '2026-11-23T00:00:00.000Z',
    sentAt: '2026-11-23T00:00:00.000Z',
    delayMs: 0,
    timing: { headersMs: 10, firstTokenMs: 20, totalMs: 30.5 },
    outcome: replyOf(),
    httpStatus: 200,
    ...changes,
  }
}

export function runOf(id: string, changes: Partial<Run> = {}): Run {
  return {
    id,
    schema: 1,
    startedAt: '2026-11-23T00:00:00.000Z',
    finishedAt: null,
    seed: 1,
    versions: { shadowgate: '0.0.0', node: '24.0.0', duckdb: 'v1' },
    dataset: { sha256: '0'.repeat(64), records: 1 },
    sample: { duplicate: 0, fidelity: 0, api: 0, size: 0 },
    targets: { production: { ...targetOf('http://a/v1'), arm: 'production' }, candidate: targetOf('http://b/v1') },
    noise: 1,
    replay: { pace: 'closed', timeScale: 1, lane: 'live', salted: true },
    stopped: null,
    settings: {},
    notes: [],
    ...changes,
  }
}
