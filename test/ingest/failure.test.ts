// What production failed with, as gateways log it: by its status, and by a stream that broke after its 200.

import { expect, test } from 'vitest'
import { cloudflareAiGateway } from '../../src/ingest/formats/cloudflare-ai-gateway.ts'
import { portkey } from '../../src/ingest/formats/portkey.ts'
import { jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const line = {
  time_iso8601: '2026-09-01T10:00:01+00:00',
  request: 'POST /v1/chat/completions HTTP/1.1',
  status: 200,
  request_time: '0.812',
  request_body: JSON.stringify(request('Hi', { stream: true })),
}
const opening = 'data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n'
const broken = `${opening}data: {"error":{"message":"The server had an error","code":"server_error"}}\n\n`
const whole = `${opening}data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`

test.each([
  ['a stream that broke after its 200', { response_body: broken }, [null, 'server_error', 'The server had an error']],
  ['a stream that ended', { response_body: whole }, null],
  ['a status alone', { status: 503 }, [503, null, 'HTTP 503 with no explanation']],
  ['no answer in the log', {}, null],
] as const)('%s', async (name, answered, error) => {
  const log = writeLog(folder, `${name}.jsonl`, jsonl({ ...line, ...answered }))
  const [record] = (await readAll([log])).records
  const { status, code, message } = record?.recordedError ?? {}
  expect(error === null ? record?.recordedError : [status, code, message]).toEqual(error)
  // How long an error took says nothing of the model.
  expect(record?.recordedTiming === null).toBe(error !== null)
})

test.each([
  ['Portkey', { ...portkey.specimens[0].line, response: null, is_success: false }, 'is_success false'],
  ['Cloudflare', { ...cloudflareAiGateway(null).specimens[3]?.line, success: false }, 'success false'],
] as const)('a call that %s marks as failed, and says no more of', async (name, logged, mark) => {
  const log = writeLog(folder, `${name}.jsonl`, jsonl(logged))
  const [record] = (await readAll([log])).records
  expect(record?.recordedError).toEqual({ status: null, code: null, message: `${mark}, without a message` })
  expect(record?.recordedUsage).toBeNull()
})
