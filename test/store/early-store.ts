// A store as the first schema left it, with rows in every table.

import type { Attempt } from '../../src/core/types.ts'
import type { SqlValue } from '../../src/store/database.ts'
import { toJson } from '../../src/store/json.ts'
import { first } from '../../src/store/migrations/0001-first.ts'
import { attemptOf, recordOf, replyOf, runOf } from '../support/nouns.ts'
import { askDuckdb, storePath } from '../support/stores.ts'

export const at = (ms: number) => new Date(Date.UTC(2026, 10, 23) + ms).toISOString()
const quoted = (value: SqlValue): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
const insert = (table: string, rows: readonly (readonly SqlValue[])[]) =>
  `INSERT INTO ${table} VALUES ${rows.map((row) => `(${row.map(quoted).join(', ')})`).join(', ')};`

export const records = ['ra', 'rb', 'rc'].map((id, index) =>
  recordOf(id, { cluster: index === 2 ? null : 'c-1', segments: { route: `/${id}` } }),
)
/** Of two runs: their order is not that of the records' names. `other` asked one record alone. */
const planned = [
  ['run', 2, 'ra', 1],
  ['run', 0, 'rb', 2],
  ['run', 1, 'rc', 1],
  ['other', 0, 'rc', 1],
] as const

/** What earlier runs knew of a run. */
function manifestOf(id: string): string {
  const { replay: _replay, stopped: _stopped, ...known } = runOf(id, { notes: ["it's ~Infinity", 'Infinity'] })
  return toJson(known)
}

export type Early = readonly [runId: string, attempt: Attempt]
const try0 = { tries: 0, isFinal: false, timing: { headersMs: 4, firstTokenMs: null, totalMs: 5 } } as const
const refused = (status: number) => ({
  ...try0,
  outcome: { kind: 'rejected', status, code: 'busy', detail: "isn't free" } as const,
  httpStatus: status,
})
const called = replyOf({ text: '', stop: 'tool', usage: null, toolCalls: [{ name: 'f', arguments: '{"a":' }] })
/** Of every kind that the first schema held; in the order of the run, and in that in which they were sent. */
export const attempts: readonly Early[] = [
  ['run', attemptOf('rb', { ordinal: 0, position: 1, dueAt: at(3), sentAt: at(5) })],
  ['run', attemptOf('rb', { ordinal: 0, arm: 'candidate', sentAt: at(10), ...refused(429) })],
  ['run', attemptOf('rb', { ordinal: 0, trial: 1, sentAt: at(20), outcome: replyOf({ text: 'At noon.' }) })],
  ['run', attemptOf('rb', { ordinal: 0, arm: 'candidate', tries: 1, sentAt: at(9010), outcome: called })],
  ['run', attemptOf('rc', { ordinal: 1, sentAt: at(100), ...refused(503) })],
  [
    'run',
    attemptOf('rc', {
      ordinal: 1,
      arm: 'candidate',
      sentAt: at(101),
      outcome: { kind: 'timeout', phase: 'total' },
      httpStatus: null,
    }),
  ],
  ['run', attemptOf('rc', { ordinal: 1, tries: 1, sentAt: at(620) })],
  ['run', attemptOf('ra', { ordinal: 2, sentAt: at(200), ...refused(500) })],
  [
    'run',
    attemptOf('ra', {
      ordinal: 2,
      arm: 'candidate',
      sentAt: at(201),
      outcome: { kind: 'broken', detail: 'reset' },
      httpStatus: null,
    }),
  ],
  ['run', attemptOf('ra', { ordinal: 2, sentAt: at(86_400_000), ...refused(500) })],
  ['run', attemptOf('ra', { ordinal: 2, tries: 1, sentAt: at(86_400_500) })],
  [
    'other',
    attemptOf('rc', { ordinal: 0, sentAt: at(300), timing: { headersMs: null, firstTokenMs: null, totalMs: 7.25 } }),
  ],
  ['other', attemptOf('rc', { ordinal: 0, arm: 'candidate', sentAt: at(301), ...refused(503) })],
]

function attemptRow([runId, attempt]: Early): SqlValue[] {
  const { outcome, timing } = attempt
  const reply = outcome.kind === 'reply' ? outcome.reply : null
  const usage = reply?.usage ?? null
  const rejection = outcome.kind === 'rejected' ? outcome : null
  return [
    runId,
    attempt.recordId,
    attempt.arm,
    attempt.trial,
    attempt.tries,
    attempt.isFinal,
    attempt.position,
    attempt.dueAt,
    attempt.sentAt,
    timing.headersMs,
    timing.firstTokenMs,
    timing.totalMs,
    outcome.kind,
    outcome.kind === 'timeout' ? outcome.phase : null,
    attempt.httpStatus,
    rejection?.code ?? null,
    'detail' in outcome ? outcome.detail : null,
    reply?.text ?? null,
    reply && reply.toolCalls.length > 0 ? JSON.stringify(reply.toolCalls) : null,
    reply?.stop ?? null,
    usage?.input ?? null,
    usage?.output ?? null,
    usage?.cachedInput ?? null,
    usage?.reasoning ?? null,
    reply?.servedModel ?? null,
  ]
}

export const absences = ['no-reply', 'not-reported', 'not-streamed', 'no-price', 'one-arm-only', 'excluded']
export const measures: readonly (readonly SqlValue[])[] = [
  ['run', 'ra', 'candidate', 'latency', 1, 540, null, 'Infinity', null, null],
  ['run', 'rb', 'candidate', 'latency', 1, 30.5, null, 0.1, null, null],
  ['run', 'rc', 'candidate', 'latency', 1, 0, null, '-Infinity', null, null],
  ['run', 'rb', 'noise', 'latency', 1, 30.5, null, 31, null, null],
  ['run', 'rb', 'candidate', 'cache-hit-rate', 3, 10, 20, 0, 20, null],
  ['run', 'rb', 'candidate', 'text-similarity', 1, null, null, 0.25, null, null],
  ['run', 'rb', 'noise', 'text-similarity', 1, null, null, 1, null, null],
  ['run', 'rb', 'cross', 'text-similarity', 1, null, null, 5e-324, null, null],
  ['run', 'ra', 'candidate', 'refused', 1, null, null, null, null, 'no-reply'],
  ['run', 'rb', 'candidate', 'refused', 1, 0, null, 1, null, null],
  ['run', 'rb', 'noise', 'refused', 1, 0, null, 0, null, null],
  ['other', 'rc', 'candidate', 'latency', 1, 7.25, null, 8, null, null],
  // Every word of absence that there was.
  ...absences.map((why) => ['other', 'rc', 'candidate', `lacks-${why}`, 1, null, null, null, null, why]),
]

export const judgement = { policy: { level: 0.95 }, effects: [{ estimate: Infinity }], verdict: { decision: 'NO-GO' } }

const earlySql = [
  'CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP);',
  first.sql,
  "INSERT INTO schema_version VALUES (1, TIMESTAMP '2026-10-01');",
  insert('meta', [['salt', 'a salt of its own']]),
  insert(
    'record',
    records.map((each) => [
      each.id,
      each.api,
      JSON.stringify(each.body),
      each.capturedAt,
      null,
      null,
      '[]',
      each.cluster,
      JSON.stringify(each.segments),
      each.fidelity,
      each.source.file,
      each.source.line,
      each.source.format,
    ]),
  ),
  insert('rejected_line', [['log.jsonl', 7, 'not JSON', '{']]),
  insert('run', [
    ['run', at(0), at(90_000_000), 'reported', 'print', manifestOf('run')],
    ['other', at(-5000), null, 'running', 'print', manifestOf('other')],
  ]),
  insert('run_record', planned),
  insert('attempt', attempts.map(attemptRow)),
  insert('measure', measures),
  insert('verdict', [['run', at(90_000_001), 'NO-GO', toJson(judgement)]]),
].join('\n')

export async function earlyStore(): Promise<string> {
  const path = storePath()
  await askDuckdb(path, earlySql, 'READ_WRITE')
  return path
}
