// Langfuse's traces as rows of their own, beside the observations: in order, and no calls.

import { expect, test } from 'vitest'
import { langfuse } from '../../src/ingest/formats/langfuse.ts'
import { jsonl, readAll, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const [{ line: row }] = langfuse.specimens
const traceLike = {
  id: 't',
  timestamp: '2026-09-01 10:00:00',
  user_id: null,
  session_id: null,
  release: null,
  version: null,
  environment: 'default',
  public: false,
  tags: [],
}
const csvOf = (line: object) => {
  const cells = Object.values(line).map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
  const quoted = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`)
  return `${Object.keys(line).join(',')}\n${quoted.join(',')}\n`
}

test('traces that were exported apart are no bad lines, with the columns of the export and in the words of the API', async () => {
  const apart = langfuse.specimens.map(({ line }) => line).find((line) => 'bookmarked' in line)
  if (apart === undefined) throw new Error('no specimen of a trace')
  const words = { sessionId: null, userId: 'u1', release: null, version: null, environment: 'default' }
  const scores = [{ id: 's', traceId: 't2', name: 'ok', value: 1, dataType: 'NUMERIC', source: 'API' }, 'an-id']
  const told = { id: 't2', timestamp: '2026-09-01T10:00:00Z', public: false, tags: [], observations: ['o1'], ...words }
  const files = [
    writeLog(folder, 'observations', jsonl(row)),
    writeLog(folder, 'traces', jsonl(apart, { ...told, scores })),
    writeLog(folder, 'traces-page', jsonl({ data: [told], meta: { page: 1 } })),
    writeLog(folder, 'traces-csv', csvOf(apart)),
  ]
  const { records, rejected, files: summaries } = await readAll(files)
  expect(rejected).toEqual([])
  expect(records).toHaveLength(1)
  expect(summaries.map(({ format, leftOut }) => [format, leftOut])).toEqual([
    ['langfuse', 0],
    ['langfuse', 2],
    ['langfuse', 1],
    ['langfuse', 1],
  ])
  expect(langfuse.read({ ...told, scores })).toMatchObject([{ kind: 'left-out' }, { kind: 'opinion', about: 't2' }])
})

test.each([
  ['without the columns of a trace', { id: 't', timestamp: '2026-09-01 10:00:00', tags: [] }],
  ['with a request in it', { ...traceLike, request: {} }],
  ['with a type', { ...traceLike, type: 'SPAN' }],
])('an event of somebody is no trace: %s', (_, line) => {
  expect(langfuse.recognises(line)).toBe(false)
})
