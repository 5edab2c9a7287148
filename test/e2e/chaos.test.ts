// A mock that others wrote refuses, drops, garbles, cuts and delays: every request is accounted for, by its book and by ours.

import { join } from 'node:path'
import type { JournalEntry, LLMock } from '@copilotkit/aimock'
import { expect, it } from 'vitest'
import { type Mock, questionOf, startMock } from '../support/aimock.ts'
import { runCli } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'

const answer = 'The refund takes thirty days, needs the receipt, and is paid the way that the purchase was paid.'

/** One exchange, or what became of a call, as a client sees it. */
interface Told {
  readonly arm: string
  readonly recordId: string
  readonly trial: number
  readonly tries: number
  readonly question: string
  /** `reply`, else the outcome and the status. */
  readonly end: string
  readonly sentAtMs: number
  readonly totalMs: number
}

function toldBy(row: Record<string, unknown>): Told {
  const text = (name: string) => String(row[name])
  return {
    arm: text('arm'),
    recordId: text('record_id'),
    trial: Number(row['trial']),
    tries: Number(row['tries']),
    question: text('question'),
    end: row['outcome'] === 'reply' ? 'reply' : `${text('outcome')} ${text('http_status')}`,
    sentAtMs: Date.parse(`${text('sent_at').replace(' ', 'T')}Z`),
    totalMs: Number(row['total_ms']),
  }
}

/** Runs to a decision, whichever it is, and gives what is stored. */
async function replayed(folder: string) {
  const result = await runCli(['run', '--json'], { cwd: folder })
  expect(result.stderr).not.toContain('error[')
  expect([0, 1, 2, 3]).toContain(result.status)
  const store = join(folder, 'store.duckdb')
  const [counted] = await query(
    store,
    `SELECT (SELECT sum(2 * trials) FROM run_record)::INT AS planned, count(*)::INT AS calls,
       count(DISTINCT (record_id, arm, trial))::INT AS different FROM calls`,
  )
  const planned = Number(counted?.['planned'])
  expect(counted, 'nothing lost, nothing double').toEqual({ planned, calls: planned, different: planned })
  const all = async (table: string) => {
    const sql = `SELECT t.*, r.body->>'$.messages[0].content' AS question FROM ${table} t JOIN record r ON r.id = t.record_id`
    return (await query(store, sql)).map(toldBy)
  }
  const { counts } = JSON.parse(result.stdout)
  return { store, counts, planned, attempts: await all('attempt'), calls: await all('calls') }
}

/** How an exchange in the mock's book ends for its client. */
function dealtBy({ response }: JournalEntry): string {
  if (response.interrupted || response.chaosAction === 'malformed') return 'broken 200'
  if (response.chaosAction === 'disconnect') return 'broken null'
  return response.chaosAction ? `rejected ${response.status}` : 'reply'
}

/** Both books name each exchange by its question and its end: as often in the one as in the other. */
function expectSameBooks(arm: string, attempts: readonly Told[], { served, heard }: Mock) {
  const stored = attempts.filter((attempt) => attempt.arm === arm)
  expect(tally(stored.map(({ question }) => question))).toEqual(tally(heard))
  // Who gives up is not served, and the mock's journal does not know of him.
  const ended = stored.filter(({ end }) => end !== 'timeout null').map(({ question, end }) => `${question} ${end}`)
  expect(tally(ended)).toEqual(tally(served().map((entry) => `${questionOf(entry.body)} ${dealtBy(entry)}`)))
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

/** Pairs that don't vote, for whatever reason. */
function excludedIn(counts: { excluded: Record<string, number> }): number {
  return Object.values(counts.excluded).reduce((sum, pairs) => sum + pairs, 0)
}

const both = ['production', 'candidate'] as const

/** A fault for each last digit of a question's number; 0, 8 and 9 are spared. */
function deal(mock: LLMock) {
  const faults = {
    1: { chaos: { dropRate: 1 } },
    2: { chaos: { malformedRate: 1 } },
    3: { chaos: { disconnectRate: 1 } },
    4: { chaos: { latencyMs: 30_000 } },
    5: { chaos: { latencyMs: 50 } },
    // These two concern streams alone. The pauses see to it that something is out before the cut.
    6: { latency: 10, truncateAfterChunks: 3 },
    7: { latency: 30, chunkSize: 2, disconnectAfterMs: 500 },
  }
  for (const [digit, fault] of Object.entries(faults)) {
    mock.onMessage(new RegExp(`Question \\d*${digit}\\?`), { content: answer }, fault)
  }
  mock.onMessage(/Question/, { content: answer })
}

it.each([{ stream: false }, { stream: true }])(
  'each fault ends as it must, on both arms, stream: $stream',
  { timeout: 120_000 },
  async ({ stream }) => {
    const mocks = { production: await startMock(deal), candidate: await startMock(deal) }
    const folder = createProject({
      production: mocks.production.url,
      candidate: mocks.candidate.url,
      records: 60,
      stream,
      target: { concurrency: 32, timeoutMs: 3000, retries: 1 },
    })
    const { store, counts, planned, attempts, calls } = await replayed(folder)
    for (const arm of both) expectSameBooks(arm, attempts, mocks[arm])
    expect(planned).toBe(240)
    expect(counts.excluded).toEqual({})

    const cut = stream ? 'broken 200' : 'reply'
    // Of each digit: 6 questions, which both arms answer twice. What broke before its first byte was tried again.
    expect(tally(calls.map(({ question, end, tries }) => `${question.slice(-2)} ${end}, tries: ${tries}`))).toEqual({
      '0? reply, tries: 1': 24,
      '1? rejected 500, tries: 2': 24,
      '2? broken 200, tries: 1': 24,
      '3? broken null, tries: 2': 24,
      '4? timeout null, tries: 1': 24,
      '5? reply, tries: 1': 24,
      [`6? ${cut}, tries: 1`]: 24,
      [`7? ${cut}, tries: 1`]: 24,
      '8? reply, tries: 1': 24,
      '9? reply, tries: 1': 24,
    })
    const details = await query(store, `SELECT DISTINCT error_code, detail FROM calls WHERE outcome = 'rejected'`)
    expect(details).toEqual([{ error_code: 'chaos_drop', detail: 'Chaos: request dropped' }])
    const finals = await query(store, 'SELECT count(*)::INT AS n FROM attempt WHERE is_final')
    expect(finals).toEqual([{ n: planned }])
    const answered = stream ? 48 : 72
    const broken = stream ? 48 : 24
    expect(counts.calls.candidate).toMatchObject({ reply: answered, rejected: 12, timeout: 12, broken })
  },
)

it.each([{ stream: false }, { stream: true }])(
  'faults by chance, all at a time: both books agree on every request, stream: $stream',
  { timeout: 120_000 },
  async ({ stream }) => {
    const chaos = { dropRate: 0.08, malformedRate: 0.06, disconnectRate: 0.08, rateLimitRate: 0.02, latencyMs: 3 }
    const prepare = (mock: LLMock) => mock.onMessage(/Question/, { content: answer })
    const mocks = { production: await startMock(prepare, { chaos }), candidate: await startMock(prepare, { chaos }) }
    const folder = createProject({
      production: mocks.production.url,
      candidate: mocks.candidate.url,
      records: 120,
      stream,
      target: { concurrency: 16, timeoutMs: 30_000, retries: 2 },
    })
    const { counts, planned, attempts, calls } = await replayed(folder)
    for (const arm of both) expectSameBooks(arm, attempts, mocks[arm])
    expect(planned).toBe(480)
    const ends = tally(calls.map(({ end }) => end))
    // A garbled answer came, and is not asked for again; what never arrived is.
    expect(ends['broken 200'], 'some of 480 at 6 %').toBeGreaterThan(0)
    expect(ends['reply']).toBeGreaterThan(340)
    expect(Math.max(...calls.map(({ tries }) => tries))).toBeGreaterThan(1)
    const refused = calls.filter(({ end, trial }) => end === 'rejected 429' && trial === 0)
    expect(excludedIn(counts)).toBe(new Set(refused.map(({ recordId }) => recordId)).size)
  },
)

it('429 with Retry-After: the target is let alone for that second, and only who never gets through is excluded', {
  timeout: 120_000,
}, async () => {
  const refuseAtFirst = (mock: LLMock) => {
    for (let number = 7; number < 100; number += 10) {
      const match = { userMessage: new RegExp(`Question ${number}\\?`), sequenceIndex: 0 }
      mock.on(match, { content: answer }, { chaos: { rateLimitRate: 1 } })
    }
  }
  const production = await startMock((mock) => {
    refuseAtFirst(mock)
    mock.onMessage(/Question/, { content: answer })
  })
  const candidate = await startMock((mock) => {
    refuseAtFirst(mock)
    mock.onMessage(/Question 50\?/, { content: answer }, { chaos: { rateLimitRate: 1 } })
    mock.onMessage(/Question/, { content: answer })
  })
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    records: 100,
    target: { timeoutMs: 30_000, retries: 2 },
  })
  const { counts, planned, attempts, calls } = await replayed(folder)
  expectSameBooks('production', attempts, production)
  expectSameBooks('candidate', attempts, candidate)
  expect(planned).toBe(400)
  expect(tally(calls.map(({ end }) => end))).toEqual({ reply: 398, 'rejected 429': 2 })
  expect(excludedIn(counts)).toBe(1)
  expect(counts.pairs).toBe(100)

  const refusals = attempts.filter(({ end }) => end === 'rejected 429')
  expect(refusals.length).toBeGreaterThanOrEqual(22)
  const intruders = refusals.flatMap((refusal) => {
    const heardAtMs = refusal.sentAtMs + refusal.totalMs
    // The edges are left out: what was under way when the refusal came, and the roundings of clocks.
    const isEarly = (ms: number) => ms > 200 && ms < 950
    return attempts.filter(({ arm, sentAtMs }) => arm === refusal.arm && isEarly(sentAtMs - heardAtMs))
  })
  expect(intruders).toEqual([])
})
