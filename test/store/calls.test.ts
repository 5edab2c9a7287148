// The view `calls` and its TypeScript twin say the same of every history that a call may have.

import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { seededBy, shuffled } from '../../src/core/random.ts'
import { type Arm, type Attempt, arms, type Outcome, type RequestRecord } from '../../src/core/types.ts'
import { answeredCall, pairsOf } from '../../src/score/pairs.ts'
import { attemptsOf, createAttemptWriter } from '../../src/store/attempts.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { addRecords } from '../../src/store/records.ts'
import { createRun } from '../../src/store/runs.ts'
import { attemptOf, recordOf, replyOf, runOf } from '../support/nouns.ts'
import { gather, rethrow, storePath } from '../support/stores.ts'

type Pace = 'closed' | 'open'

/** What comes of one try, and what follows. */
const step = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constant('fails' as const) },
    { weight: 2, arbitrary: fc.constant('limited' as const) },
    // As runs of the first schema did it: tried again where it stood.
    { weight: 1, arbitrary: fc.constant('limited, tried again' as const) },
    { weight: 2, arbitrary: fc.constant('killed' as const) },
    { weight: 2, arbitrary: fc.constant('ends' as const) },
    // The other arm was rate-limited: both are asked again.
    { weight: 2, arbitrary: fc.constant('ends, another round' as const) },
  ),
  end: fc.constantFrom('reply', 'reply', 'reply', 'timeout', 'broken', 500, 429),
  failure: fc.constantFrom('broken', 500, 503),
  /** A batch has no times, and an answer that came whole no first token. */
  totalMs: fc.option(quarters(5000), { freq: 8 }),
  firstTokenMs: fc.option(quarters(900), { freq: 3 }),
  delayMs: quarters(3000),
  /** Before the next try: none at all is within the same millisecond. */
  gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9000 })),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Numbers that binary fractions hold exactly: sums are the same in whatever order. */
function quarters(most: number) {
  return fc.integer({ min: 0, max: 4 * most }).map((each) => each / 4)
}

const history = fc.array(step, { minLength: 1, maxLength: 9 })
const record = fc.record({
  production: fc.array(history, { minLength: 1, maxLength: 2 }),
  candidate: fc.array(history, { maxLength: 2 }),
})
type Histories = typeof record extends fc.Arbitrary<infer T> ? T : never

const start = Date.UTC(2026, 10, 23)
const night = 43_200_000

interface Call {
  readonly ordinal: number
  readonly arm: Arm
  readonly trial: number
}

/** The attempts that such a history leaves in the store; an end or a kill may come before the last step. */
function attemptsIn(call: Call, steps: readonly Step[]): Attempt[] {
  const attempts: Attempt[] = []
  let [nowMs, round, tries, isDone] = [start, 0, 0, false]
  for (const each of steps) {
    const isFinal = each.kind === 'ends' || each.kind === 'ends, another round'
    const word = isFinal ? each.end : each.kind.startsWith('limited') ? 429 : each.failure
    const changes = { ...call, round, tries, isFinal, sentAt: new Date(nowMs).toISOString(), delayMs: each.delayMs }
    const timing = { headersMs: null, firstTokenMs: each.firstTokenMs, totalMs: each.totalMs }
    const { outcome, httpStatus } = outcomeOf(word, `${attempts.length}`)
    attempts.push(attemptOf(`r${call.ordinal}`, { ...changes, timing, outcome, httpStatus }))
    isDone ||= isFinal
    if (each.kind === 'ends') break
    nowMs += Math.floor(each.totalMs ?? 0) + each.gapMs
    tries += 1
    if (each.kind === 'limited' || each.kind === 'ends, another round') [round, tries] = [round + 1, 0]
    if (each.kind !== 'killed') continue
    // What has a final try is not asked again; what has none begins anew.
    if (isDone) break
    ;[nowMs, round, tries] = [nowMs + night, 0, 0]
  }
  return attempts
}

function outcomeOf(word: string | number, text: string): { outcome: Outcome; httpStatus: number | null } {
  switch (word) {
    case 'reply':
      return { outcome: replyOf({ text }), httpStatus: 200 }
    case 'timeout':
      return { outcome: { kind: 'timeout', phase: 'total' }, httpStatus: 200 }
    case 'broken':
      return { outcome: { kind: 'broken', detail: text }, httpStatus: null }
    default:
      return { outcome: { kind: 'rejected', status: Number(word), code: null, detail: text }, httpStatus: Number(word) }
  }
}

async function storedRun(db: Database, runId: string, pace: Pace, all: readonly Histories[], seed: number) {
  const records: RequestRecord[] = all.map((_, ordinal) => recordOf(`r${ordinal}`))
  await addRecords(db, records)
  const replay = { pace, timeScale: 1, lane: 'live', salted: true } as const
  const planned = records.map(({ id }, ordinal) => ({ recordId: id, ordinal, trials: 2 }))
  await createRun(db, { run: runOf(runId, { replay }), status: 'running', fingerprint: 'f' }, planned)
  const attempts = all.flatMap((histories, ordinal) =>
    arms.flatMap((arm) => histories[arm].flatMap((steps, trial) => attemptsIn({ ordinal, arm, trial }, steps))),
  )
  const writer = await createAttemptWriter(db, runId, rethrow)
  for (const attempt of shuffled(attempts, seededBy(seed))) writer.write(attempt)
  writer.close()
  return attempts
}

/** What is compared: the answer's text, or what a failure says, tells which try it came from. */
interface Said {
  readonly outcome: unknown
  readonly words: unknown
  readonly latencyMs: unknown
  readonly firstTokenMs: unknown
  readonly tries: number
}

async function saidInSql(db: Database, runId: string): Promise<Map<string, Said>> {
  const rows = await db.all('SELECT * FROM calls WHERE run_id = $1', [runId])
  const said = rows.map((row): [string, Said] => [
    `${row['ordinal']} ${row['record_id']} ${row['arm']} ${row['trial']}`,
    {
      outcome: row['outcome'],
      words: row['text'] ?? row['detail'],
      latencyMs: row['latency_ms'],
      firstTokenMs: row['ttft_ms'],
      tries: Number(row['tries']),
    },
  ])
  expect(new Set(said.map(([key]) => key)).size, 'one row for each call').toBe(said.length)
  return new Map(said)
}

function saidInTypeScript(attempts: readonly Attempt[], pace: Pace): Map<string, Said> {
  const calls = Map.groupBy(attempts, (each) => `${each.ordinal} ${each.recordId} ${each.arm} ${each.trial}`)
  return new Map(
    [...calls].flatMap(([key, tries]): [string, Said][] => {
      const call = answeredCall(tries, { isOpenLoop: pace === 'open' })
      if (call === null) return []
      const { outcome, latencyMs, firstTokenMs } = call
      const words = outcome.kind === 'reply' ? outcome.reply.text : 'detail' in outcome ? outcome.detail : null
      return [[key, { outcome: outcome.kind, words, latencyMs, firstTokenMs, tries: call.tries }]]
    }),
  )
}

describe('the view calls', () => {
  test('says of every call what TypeScript says of its attempts', async () => {
    const db = await openDatabase(storePath())
    onTestFinished(db.close)
    const seen = { runs: 0, calls: 0, absent: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 25 }),
        fc.constantFrom<Pace>('closed', 'open'),
        fc.integer(),
        async (all, pace, seed) => {
          const runId = `run ${seen.runs++}`
          const written = await storedRun(db, runId, pace, all, seed)
          const read = (await gather(attemptsOf(db, runId))).flatMap(({ attempts }) => attempts)
          expect(read.map((each) => JSON.stringify(each)).toSorted()).toEqual(
            written.map((each) => JSON.stringify(each)).toSorted(),
          )
          const said = saidInTypeScript(read, pace)
          expect(Object.fromEntries(await saidInSql(db, runId))).toEqual(Object.fromEntries(said))
          seen.calls += said.size
          seen.absent += all.reduce((sum, each) => sum + each.production.length + each.candidate.length, -said.size)
        },
      ),
      { seed: 20261123, numRuns: 60 },
    )
    // Not in vain: calls that came to an end, and calls that did not.
    expect(seen.calls).toBeGreaterThan(500)
    expect(seen.absent).toBeGreaterThan(100)
  })

  test('has both sides of every pair that is folded, and the view pairs has the same waits', async () => {
    const db = await openDatabase(storePath())
    onTestFinished(db.close)
    const all = fc.sample(record, { seed: 20261124, numRuns: 200 })
    await storedRun(db, 'run', 'open', all, 1)
    const folded = (await gather(attemptsOf(db, 'run'))).flatMap(({ attempts }) =>
      pairsOf(attempts, { isOpenLoop: true }),
    )
    const expected = folded.flatMap(({ ordinal, comparison, production, candidate }) => {
      const trial = comparison === 'candidate' ? 0 : comparison === 'cross-both' ? 1 : null
      const waits = [production.latencyMs, candidate.latencyMs, production.firstTokenMs, candidate.firstTokenMs]
      return trial === null ? [] : [[ordinal, trial, production.outcome.kind, candidate.outcome.kind, ...waits]]
    })
    const rows = await db.all(
      `SELECT ordinal, trial, production_outcome, candidate_outcome, production_latency_ms, candidate_latency_ms, production_ttft_ms,
         candidate_ttft_ms FROM pairs WHERE candidate_outcome IS NOT NULL ORDER BY ordinal, trial`,
    )
    expect(expected.length).toBeGreaterThan(50)
    expect(rows.map((row) => Object.values(row))).toEqual(expected)
  })
})
