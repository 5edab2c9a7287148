// Anthropic's Message Batches API: requests in one JSON body, results as one stream of lines.

import type { Json } from '../../core/types.ts'
import type { Provider } from '../../providers/provider.ts'
import { cleanDetail } from '../../providers/rejection.ts'
import { arrayAt, countAt, fieldOf, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import {
  type BatchApi,
  type BatchHttp,
  type BatchResult,
  type BatchState,
  HttpTrouble,
  type LostBatch,
  type ResultsSource,
} from './batch-api.ts'
import { answerOf, unanswered } from './batch-result.ts'

/** The list is read back this far, 100 batches a page. */
const maxPages = 20
/** How far the provider's clock may be behind ours, in ms. */
const skewMs = 10 * 60_000

/** Shapes: anthropic-sdk-typescript, resources/messages/batches.ts. Rules: platform.claude.com, "Batch processing". */
export function anthropicBatches(http: BatchHttp, provider: Provider): BatchApi {
  return {
    // "limited to either 100,000 Message requests or 256 MB in size".
    limits: { requests: 100_000, bytes: 256_000_000 },
    // "you can mix different types of requests within a single batch".
    groupOf: () => '',
    lineOf: (customId, params) => JSON.stringify({ custom_id: customId, params }),
    upload: async () => null,
    create: async (lines) => {
      const batch = await http.post(http.at('/messages/batches'), `{"requests":[${lines.join(',')}]}`)
      const id = textAt(batch, 'id')
      if (id === null)
        throw new HttpTrouble(200, `the answer to a new batch names no id: ${cleanDetail(JSON.stringify(batch))}`)
      return id
    },
    find: (lost) => findAlike(http, lost),
    poll: async (batchId) => stateOf(await http.get(http.at(pathOf(batchId))), batchId, http),
    async *results(source) {
      for await (const line of linesOf(http, source)) {
        const result = resultOf(parseJson(line), provider)
        if (result) yield result
      }
    },
  }
}

function pathOf(batchId: string): string {
  return `/messages/batches/${encodeURIComponent(batchId)}`
}

/**
 * A batch bears no mark of its maker's, so the one that was made at that time with as many requests is taken for the lost one. The
 * ids of its results then tell: what is not ours is passed over, and ours counts as not answered.
 */
async function findAlike(http: BatchHttp, { requests, submittedAt, known }: LostBatch): Promise<string | null> {
  const since = Date.parse(submittedAt) - skewMs
  let after = ''
  for (let page = 0; page < maxPages; page++) {
    const list = await http.get(http.at(`/messages/batches?limit=100${after}`))
    const batches = arrayAt(list, 'data')
    for (const batch of batches) {
      const id = textAt(batch, 'id')
      const isYounger = Date.parse(textAt(batch, 'created_at') ?? '') >= since
      if (id !== null && isYounger && !known.has(id) && requestsIn(batch) === requests) return id
    }
    // The newest come first.
    const last = batches.at(-1)
    const isPast = Date.parse(textAt(last, 'created_at') ?? '') < since
    const lastId = textAt(list, 'last_id') ?? textAt(last, 'id')
    if (isPast || fieldOf(list, 'has_more') !== true || lastId === null) return null
    after = `&after_id=${encodeURIComponent(lastId)}`
  }
  return null
}

/** "The sum of all values always matches the total number of requests in the batch." */
function requestsIn(batch: Json): number {
  const counts = objectAt(batch, 'request_counts')
  const names = ['processing', 'succeeded', 'errored', 'canceled', 'expired']
  return names.reduce((sum, name) => sum + (countAt(counts, name) ?? 0), 0)
}

function stateOf(batch: Json, batchId: string, http: BatchHttp): BatchState {
  if (textAt(batch, 'processing_status') !== 'ended') {
    // All but `processing` stay zero until the end, as the SDK has it.
    return {
      kind: 'pending',
      answered: requestsIn(batch) - (countAt(objectAt(batch, 'request_counts'), 'processing') ?? 0),
    }
  }
  const isCancelled = textAt(batch, 'cancel_initiated_at') !== null
  const told = textAt(batch, 'results_url')
  // Results are kept for 29 days; afterwards there is no URL.
  if (told === null) return { kind: 'ended', sources: [], isCancelled }
  const isOwn = http.isOwn(told)
  const url = isOwn ? told : http.at(`${pathOf(batchId)}/results`)
  return { kind: 'ended', sources: [{ url, elsewhere: isOwn ? null : told }], isCancelled }
}

/** A gateway may hand on its provider's own URL: the key stays here, and the gateway is asked at the path that the API's reference has. */
async function* linesOf(http: BatchHttp, { url, elsewhere }: ResultsSource): AsyncIterable<string> {
  try {
    yield* http.lines(url)
  } catch (error) {
    if (elsewhere === null || !(error instanceof HttpTrouble) || error.isTransient) throw error
    const origin = URL.canParse(elsewhere) ? new URL(elsewhere).origin : 'nowhere'
    throw new HttpTrouble(
      410,
      `its results are said to be at ${origin}, where the key must not go, and not here: ${error.message}`,
    )
  }
}

/** The API's words for errors → statuses (platform.claude.com, "Errors"): a result has the word alone. */
const statuses: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  invalid_request: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
}

export function resultOf(line: Json | undefined, provider: Provider): BatchResult | null {
  const customId = textAt(line, 'custom_id')
  if (customId === null) return null
  const result = objectAt(line, 'result')
  const type = textAt(result, 'type') ?? 'no result'
  switch (type) {
    case 'succeeded':
      return { customId, ...answerOf(provider, 200, fieldOf(result ?? null, 'message') ?? null) }
    case 'errored': {
      // `{type: "error", error: {type, message}}`; the inner one alone in older answers.
      const error = objectAt(result, 'error')
      const word = textAt(objectAt(error, 'error'), 'type') ?? textAt(error, 'type') ?? ''
      const status = Object.hasOwn(statuses, word) ? (statuses[word] ?? 500) : 500
      return { customId, ...answerOf(provider, status, error) }
    }
    case 'expired':
      return { customId, ...unanswered('expired: the batch came to its 24 hours before it came to this request') }
    case 'canceled':
      return { customId, ...unanswered('canceled: the batch was cancelled before it came to this request') }
    default:
      return { customId, ...unanswered(`the batch has no answer to it (${type})`) }
  }
}
