// Which provider APIs have a batch API, and whose servers serve it.

import { Fault } from '../../core/fault.ts'
import type { Target } from '../../core/types.ts'
import type { Provider } from '../../providers/provider.ts'
import { anthropicBatches } from './anthropic-batches.ts'
import type { BatchApi, BatchHttp } from './batch-api.ts'
import { openaiBatches } from './openai-batches.ts'

type MakeBatchApi = (http: BatchHttp, provider: Provider) => BatchApi

const apis: Readonly<Record<string, MakeBatchApi>> = {
  'openai-chat': openaiBatches,
  'openai-responses': openaiBatches,
  'openai-completions': openaiBatches,
  'anthropic-messages': anthropicBatches,
}

/**
 * Vendors that serve OpenAI's files and batches under the same base URL: Microsoft Learn, "Create a batch" (`/openai/v1/batches`);
 * Groq's cookbook, "Batch Processing"; docs.litellm.ai, "/batches"; portkey.ai/docs, "Batches"; Portkey-AI/gateway, src/index.ts.
 * Together, Mistral, xAI and OpenRouter have batches of another shape; vLLM has them offline only.
 */
const vendors = ['azure-openai', 'groq', 'litellm', 'portkey', 'portkey-gateway']

/** Whether the target's batches are known. Fault: BAD_CONFIG, naming those that are. */
export function batchApiOf({ arm, api, vendor }: Pick<Target, 'arm' | 'api' | 'vendor'>, place: string): MakeBatchApi {
  const make = Object.hasOwn(apis, api) ? apis[api] : undefined
  const hint = 'replay.lane: live sends the requests one by one'
  if (make === undefined) {
    const known = Object.keys(apis).join(', ')
    throw new Fault('BAD_CONFIG', `the ${arm}'s API ${api} has no batches; there are batches of ${known}`, {
      place,
      hint,
    })
  }
  if (vendor === null || vendors.includes(vendor)) return make
  const known = vendors.join(', ')
  throw new Fault('BAD_CONFIG', `no batches are known of the ${arm}'s vendor ${vendor}; there are those of ${known}`, {
    place,
    hint,
  })
}
