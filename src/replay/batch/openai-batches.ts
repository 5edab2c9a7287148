// OpenAI's Batch API: requests uploaded as a file, results downloaded as two.

import type { Json } from '../../core/types.ts'
import type { Provider } from '../../providers/provider.ts'
import { cleanDetail } from '../../providers/rejection.ts'
import { arrayAt, countAt, fieldOf, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { type BatchApi, type BatchHttp, type BatchResult, type BatchState, HttpTrouble } from './batch-api.ts'
import { answerOf, unanswered } from './batch-result.ts'

/**
 * The endpoints of our APIs, as requests and batches name them, whatever the base URL ends in (openai-node, resources/batches.ts;
 * Microsoft Learn, "Create a batch": the same words under `/openai/v1`; Groq's cookbook, "Batch Processing": the same).
 */
const endpoints: Readonly<Record<string, string>> = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  'openai-completions': '/v1/completions',
}

/** The list is read back this far, 100 batches a page. */
const maxPages = 20

export function openaiBatches(http: BatchHttp, provider: Provider): BatchApi {
  const endpoint = endpoints[provider.name]
  if (endpoint === undefined) throw new Error(`no endpoint for batches of ${provider.name}`)
  return {
    // "up to 50,000 requests, and can be up to 200 MB in size" (openai-node, BatchCreateParams).
    limits: { requests: 50_000, bytes: 200_000_000 },
    // "each input file can only include requests to a single model" (OpenAI, guide "Batch").
    groupOf: (body) => textAt(body, 'model') ?? '',
    lineOf: (customId, body) => JSON.stringify({ custom_id: customId, method: 'POST', url: endpoint, body }),
    upload: async (lines) => {
      const file = { name: 'shadowgate.jsonl', text: `${lines.join('\n')}\n` }
      return idIn(await http.upload(http.at('/files'), { purpose: 'batch' }, file), 'an uploaded file')
    },
    create: async (_lines, fileId) => {
      const asked = { input_file_id: fileId, endpoint, completion_window: '24h' }
      return idIn(await http.post(http.at('/batches'), JSON.stringify(asked)), 'a new batch')
    },
    find: async ({ fileId }) => (fileId === null ? null : findByFile(http, fileId)),
    poll: async (batchId) => stateOf(await http.get(http.at(`/batches/${encodeURIComponent(batchId)}`)), http),
    async *results({ url }) {
      for await (const line of http.lines(url)) {
        const result = resultOf(parseJson(line), provider)
        if (result) yield result
      }
    },
  }
}

function idIn(body: Json, what: string): string {
  const id = textAt(body, 'id')
  if (id !== null) return id
  throw new HttpTrouble(200, `the answer to ${what} names no id: ${cleanDetail(JSON.stringify(body))}`)
}

/** An upload is made into one batch, so its name tells whether that was done. */
async function findByFile(http: BatchHttp, fileId: string): Promise<string | null> {
  let after = ''
  for (let page = 0; page < maxPages; page++) {
    const list = await http.get(http.at(`/batches?limit=100${after}`))
    const batches = arrayAt(list, 'data')
    const found = batches.find((each) => textAt(each, 'input_file_id') === fileId)
    if (found !== undefined) return textAt(found, 'id')
    const last = textAt(batches.at(-1), 'id')
    if (fieldOf(list, 'has_more') !== true || last === null) return null
    after = `&after=${encodeURIComponent(last)}`
  }
  return null
}

/** A status that is not known is one that came to be after this was written: the batch is waited for. */
function stateOf(batch: Json, http: BatchHttp): BatchState {
  switch (textAt(batch, 'status') ?? '') {
    case 'failed':
      return failureOf(batch)
    // What expired or was cancelled is ended too: "any responses to completed requests will be made available via the batch's output
    // file" (OpenAI, guide "Batch", expiration). Where all failed there is no output file (litellm issue 33987).
    case 'completed':
    case 'expired':
    case 'cancelled': {
      const files = [textAt(batch, 'output_file_id'), textAt(batch, 'error_file_id')].filter((id) => id !== null)
      const sources = files.map((id) => ({ url: http.at(`/files/${encodeURIComponent(id)}/content`), elsewhere: null }))
      return { kind: 'ended', sources, isCancelled: textAt(batch, 'status') === 'cancelled' }
    }
    default: {
      const counts = objectAt(batch, 'request_counts')
      return { kind: 'pending', answered: (countAt(counts, 'completed') ?? 0) + (countAt(counts, 'failed') ?? 0) }
    }
  }
}

/** `token_limit_exceeded`: "Enqueued token limit reached … once some in_progress batches have been completed" (openai-python issue 2084). */
function failureOf(batch: Json): BatchState {
  const errors = arrayAt(objectAt(batch, 'errors'), 'data')
  const told = errors.slice(0, 3).map((error) => {
    const line = countAt(error, 'line')
    const words = [textAt(error, 'code'), textAt(error, 'message')].filter((text) => text !== null).join(': ')
    return line === null ? words : `line ${line}: ${words}`
  })
  const more = errors.length > told.length ? `; and ${errors.length - told.length} more` : ''
  const detail = told.length === 0 ? 'no reason was given' : cleanDetail(`${told.join('; ')}${more}`)
  const isFull = errors.length > 0 && errors.every((error) => textAt(error, 'code') === 'token_limit_exceeded')
  return { kind: 'failed', isFull, detail }
}

/**
 * A line of the output file or of the error file. An error's body stands in `response` as the API gave it, and `error` is null
 * (openai-openapi issue 302); `error` is set where there was no HTTP answer: `batch_expired`, `batch_cancelled`, `request_timeout`.
 * A status of 0 with an empty body is the provider's own failure (tidyverse/ellmer issue 830).
 */
export function resultOf(line: Json | undefined, provider: Provider): BatchResult | null {
  const customId = textAt(line, 'custom_id')
  if (customId === null) return null
  const response = objectAt(line, 'response')
  const status = countAt(response, 'status_code') ?? 0
  if (response !== null && status > 0) {
    return { customId, ...answerOf(provider, status, fieldOf(response, 'body') ?? null) }
  }
  const error = objectAt(line, 'error')
  const words = [textAt(error, 'code'), textAt(error, 'message')].filter((text) => text !== null).join(': ')
  return { customId, ...unanswered(words === '' ? 'the batch has no answer to it' : cleanDetail(words)) }
}
