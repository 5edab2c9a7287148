// A real HTTP server with a batch API: OpenAI's (files, batches, output and error files) and Anthropic's (message batches).

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { completion, sendJson } from './target.ts'

export type Dialect = 'openai' | 'anthropic'

/** One request of a batch as it came. */
export interface BatchedRequest {
  readonly customId: string
  readonly body: {
    readonly model: string
    readonly stream?: boolean
    readonly messages: { readonly content: string }[]
  }
}

export interface ServedBatch {
  readonly id: string
  readonly dialect: Dialect
  readonly fileId: string | null
  readonly requests: readonly BatchedRequest[]
  readonly createdAt: string
  /** How often it was asked for. */
  polls: number
}

/**
 * What becomes of a request: its answer's text, or an error of its own. Of the texts, EXPIRED is the batch's expiry, TROUBLE a failure
 * of the provider's, MISSING silence.
 */
export type Fate = string | { readonly error: string }

export interface BatchServerOptions {
  readonly fate?: (request: BatchedRequest, batch: ServedBatch) => Fate
  /** Looks at a batch before it is ended. */
  readonly pollsToEnd?: number
  /** Takes a request over, and says so. */
  readonly intercept?: (at: { method: string; path: string; response: ServerResponse; server: BatchServer }) => boolean
  /** A batch is made: its maker gets an answer, none at all, or a connection that breaks. */
  readonly onCreate?: (batch: ServedBatch, server: BatchServer) => 'answer' | 'silence' | 'break'
  /** Fields over those of a batch's answer. */
  readonly state?: (batch: ServedBatch) => Record<string, unknown>
  /** Between the two halves of a batch's results. */
  readonly onHalf?: (batch: ServedBatch) => Promise<void>
}

export interface BatchServer {
  /** Ends in `/v1`. */
  readonly url: string
  readonly batches: ServedBatch[]
  readonly uploads: { readonly id: string; readonly purpose: unknown; readonly name: string; readonly text: string }[]
  /** `GET /v1/batches/batch_1`, in order. */
  readonly log: string[]
  readonly headers: IncomingMessage['headers'][]
}

/** Listens on a free port until the test ends. `/v1/models` answers 200. */
export async function startBatchServer(options: BatchServerOptions = {}): Promise<BatchServer> {
  const told: Omit<BatchServer, 'url'> = { batches: [], uploads: [], log: [], headers: [] }
  const http = createServer((request, response) => {
    void serve(request, response, { options, server }).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined)
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  const server = { ...told, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1` }
  return server
}

interface Serving {
  readonly options: BatchServerOptions
  readonly server: BatchServer
}

async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const { options, server } = serving
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const url = new URL(request.url ?? '', server.url)
  const [method, path] = [request.method ?? '', url.pathname.replace('/v1', '')]
  if (path === '/models') return sendJson(response, 200, { object: 'list', data: [] })
  server.log.push(`${method} ${path}`)
  server.headers.push(request.headers)
  if (options.intercept?.({ method, path, response, server })) return
  const body = Buffer.concat(chunks)
  if (method === 'POST' && path === '/files') return takeFile(request, body, response, server)
  if (method === 'POST' && path === '/batches') return makeOpenai(JSON.parse(body.toString()), response, serving)
  if (method === 'POST' && path === '/messages/batches')
    return makeAnthropic(JSON.parse(body.toString()), response, serving)
  const listed = /^\/(messages\/)?batches$/.exec(path)
  if (listed) {
    const dialect = listed[1] ? 'anthropic' : 'openai'
    const data = server.batches.filter((each) => each.dialect === dialect).toReversed()
    return sendJson(response, 200, { data: data.map((each) => stateOf(each, serving)), has_more: false })
  }
  const [, id = ''] = /batches\/(\w+)/.exec(path) ?? /files\/\w+-(\w+)\/content/.exec(path) ?? []
  const batch = server.batches.find((each) => each.id === id)
  if (!batch) return sendJson(response, 404, { error: { message: `no such thing: ${path}`, type: 'not_found_error' } })
  if (/\/(?:results|content)$/.test(path)) return sendResults(batch, path, response, options)
  batch.polls += 1
  return sendJson(response, 200, stateOf(batch, serving))
}

async function takeFile(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  server: BatchServer,
): Promise<void> {
  const type = request.headers['content-type'] ?? ''
  // The platform's own reader of forms: no shape of this test's making.
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  const file = form.get('file') as File
  const id = `file${server.uploads.length + 1}`
  server.uploads.push({ id, purpose: form.get('purpose'), name: file.name, text: await file.text() })
  sendJson(response, 200, { id, object: 'file', purpose: 'batch', bytes: file.size, status: 'processed' })
}

function makeOpenai(asked: Record<string, string>, response: ServerResponse, serving: Serving): void {
  const { server } = serving
  const upload = server.uploads.find(({ id }) => id === asked['input_file_id'])
  if (!upload) return sendJson(response, 400, { error: { message: `Cannot find file ${asked['input_file_id']}` } })
  const lines = upload.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const isWhole = lines.every((line) => line.method === 'POST' && line.url === asked['endpoint'])
  if (!isWhole || asked['completion_window'] !== '24h')
    return sendJson(response, 400, { error: { message: 'bad batch' } })
  make(
    'openai',
    upload.id,
    lines.map((line) => ({ customId: line.custom_id, body: line.body })),
    response,
    serving,
  )
}

interface AskedMessages {
  readonly requests: readonly { readonly custom_id: string; readonly params: BatchedRequest['body'] }[]
}

function makeAnthropic(asked: AskedMessages, response: ServerResponse, serving: Serving): void {
  const isAllowed = asked.requests.every(({ custom_id: id }) => /^[a-zA-Z0-9_-]{1,64}$/.test(id))
  if (!isAllowed)
    return sendJson(response, 400, { type: 'error', error: { type: 'invalid_request_error', message: 'custom_id' } })
  make(
    'anthropic',
    null,
    asked.requests.map((each) => ({ customId: each.custom_id, body: each.params })),
    response,
    serving,
  )
}

function make(
  dialect: Dialect,
  fileId: string | null,
  requests: readonly BatchedRequest[],
  response: ServerResponse,
  serving: Serving,
): void {
  const { server, options } = serving
  const id = `${dialect === 'openai' ? 'batch_' : 'msgbatch_'}${server.batches.length + 1}`
  const batch: ServedBatch = { id, dialect, fileId, requests, createdAt: new Date().toISOString(), polls: 0 }
  server.batches.push(batch)
  const reaction = options.onCreate?.(batch, server) ?? 'answer'
  if (reaction === 'break') response.destroy()
  else if (reaction === 'answer') sendJson(response, 200, stateOf(batch, serving))
}

function isEnded({ polls }: ServedBatch, { pollsToEnd = 1 }: BatchServerOptions): boolean {
  return polls > pollsToEnd
}

function fatesOf(batch: ServedBatch, { fate = () => 'an answer' }: BatchServerOptions) {
  return batch.requests.map((request) => ({ request, fate: fate(request, batch) }))
}

function stateOf(batch: ServedBatch, { options, server }: Serving): Record<string, unknown> {
  const { id, requests, createdAt } = batch
  const fates = fatesOf(batch, options)
  const ended = isEnded(batch, options)
  const isExpired = fates.some(({ fate }) => fate === 'EXPIRED')
  if (batch.dialect === 'anthropic') {
    const count = (of: (fate: Fate) => boolean) => (ended ? fates.filter(({ fate }) => of(fate)).length : 0)
    return {
      id,
      type: 'message_batch',
      processing_status: ended ? 'ended' : 'in_progress',
      request_counts: {
        processing: ended ? 0 : requests.length,
        succeeded: count((fate) => typeof fate === 'string' && fate !== 'EXPIRED' && fate !== 'TROUBLE'),
        errored: count((fate) => typeof fate !== 'string' || fate === 'TROUBLE'),
        canceled: 0,
        expired: count((fate) => fate === 'EXPIRED'),
      },
      created_at: createdAt,
      cancel_initiated_at: null,
      results_url: ended ? `${server.url}/messages/batches/${id}/results` : null,
      ...options.state?.(batch),
    }
  }
  const hasOutput = fates.some(({ fate }) => isOutput(fate))
  const hasErrors = fates.some(({ fate }) => !isOutput(fate))
  return {
    id,
    object: 'batch',
    endpoint: '/v1/chat/completions',
    input_file_id: batch.fileId,
    completion_window: '24h',
    status: ended ? (isExpired ? 'expired' : 'completed') : batch.polls === 0 ? 'validating' : 'in_progress',
    output_file_id: ended && hasOutput ? `out-${id}` : null,
    error_file_id: ended && hasErrors ? `err-${id}` : null,
    errors: null,
    created_at: Math.floor(Date.parse(createdAt) / 1000),
    request_counts: { total: requests.length, completed: ended ? requests.length : 0, failed: 0 },
    ...options.state?.(batch),
  }
}

function isOutput(fate: Fate): boolean {
  return typeof fate === 'string' && fate !== 'EXPIRED' && fate !== 'TROUBLE'
}

/** Results in another order than the requests, in two halves. */
async function sendResults(
  batch: ServedBatch,
  path: string,
  response: ServerResponse,
  options: BatchServerOptions,
): Promise<void> {
  const wanted = fatesOf(batch, options).filter(
    ({ fate }) => fate !== 'MISSING' && (batch.dialect === 'anthropic' || isOutput(fate) === path.includes('/out-')),
  )
  const lines = wanted.map(({ request, fate }) => JSON.stringify(lineOf(batch.dialect, request, fate)))
  const shuffled = [
    ...lines.filter((_, index) => index % 2 === 1),
    ...lines.filter((_, index) => index % 2 === 0).toReversed(),
  ]
  const half = Math.ceil(shuffled.length / 2)
  response.writeHead(200, { 'content-type': 'application/x-jsonl' })
  response.write(
    shuffled
      .slice(0, half)
      .map((line) => `${line}\n`)
      .join(''),
  )
  await options.onHalf?.(batch)
  response.end(shuffled.slice(half).join('\n'))
}

function lineOf(dialect: Dialect, { customId, body }: BatchedRequest, fate: Fate): Record<string, unknown> {
  return dialect === 'openai'
    ? openaiLine(customId, fate)
    : { custom_id: customId, result: anthropicResult(body.model, fate) }
}

function openaiLine(customId: string, fate: Fate): Record<string, unknown> {
  const head = { id: `batch_req_${customId}`, custom_id: customId }
  // As tidyverse/ellmer issue 830 has it.
  if (fate === 'TROUBLE') return { ...head, response: { status_code: 0, request_id: '', body: {} }, error: null }
  if (fate === 'EXPIRED') {
    const message = 'This request could not be executed before the completion window expired.'
    return { ...head, response: null, error: { code: 'batch_expired', message } }
  }
  if (typeof fate === 'string')
    return { ...head, response: { status_code: 200, request_id: 'req', body: completion(fate) }, error: null }
  const error = { message: fate.error, type: 'invalid_request_error', param: null, code: 'bad' }
  return { ...head, response: { status_code: 400, request_id: 'req', body: { error } }, error: null }
}

function anthropicResult(model: string, fate: Fate): Record<string, unknown> {
  if (fate === 'EXPIRED') return { type: 'expired' }
  if (fate === 'TROUBLE' || typeof fate !== 'string') {
    const [type, message] =
      fate === 'TROUBLE' ? ['overloaded_error', 'Overloaded'] : ['invalid_request_error', fate.error]
    return { type: 'errored', error: { type: 'error', error: { type, message } } }
  }
  const usage = { input_tokens: 20, output_tokens: 5, cache_read_input_tokens: 10, cache_creation_input_tokens: 0 }
  const content = [{ type: 'text', text: fate }]
  return {
    type: 'succeeded',
    message: { id: 'msg', type: 'message', role: 'assistant', model, content, stop_reason: 'end_turn', usage },
  }
}
