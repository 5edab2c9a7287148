// The log formats that there are, in the order in which a line is offered to them: the plain fall-back comes last.

import type { Json } from '../core/types.ts'
import { accessLog } from './formats/access-log.ts'
import { anthropicBatch } from './formats/anthropic-batch.ts'
import { azureApim } from './formats/azure-apim.ts'
import { bedrock } from './formats/bedrock.ts'
import { bedrockBatch } from './formats/bedrock-batch.ts'
import { cloudflareAiGateway } from './formats/cloudflare-ai-gateway.ts'
import { har } from './formats/har.ts'
import { helicone } from './formats/helicone.ts'
import { langfuse } from './formats/langfuse.ts'
import { langsmith } from './formats/langsmith.ts'
import { litellm } from './formats/litellm.ts'
import { openaiBatch } from './formats/openai-batch.ts'
import { openaiStored } from './formats/openai-stored.ts'
import { otelGenai } from './formats/otel-genai.ts'
import { portkey } from './formats/portkey.ts'
import { promptfoo } from './formats/promptfoo.ts'
import { requestResponse } from './formats/request-response.ts'
import { shadowgateRouter } from './formats/shadowgate-router.ts'
import { tensorzero } from './formats/tensorzero.ts'
import { vertex } from './formats/vertex.ts'
import type { LogFormat } from './log-format.ts'

/** All log formats, in the order of detection: `ingest({ formats: [mine, ...logFormats] })` adds one. */
export const formats: readonly LogFormat[] = [
  openaiBatch,
  openaiStored,
  anthropicBatch,
  litellm,
  helicone,
  cloudflareAiGateway(null),
  portkey,
  tensorzero,
  bedrock,
  bedrockBatch,
  vertex,
  azureApim,
  langfuse,
  langsmith,
  otelGenai,
  har,
  promptfoo,
  shadowgateRouter,
  accessLog,
  requestResponse,
]

/**
 * The format that these lines are certainly in: the first of the roster that recognises each line that any format
 * recognises. null where none does, or where the lines are of several formats.
 */
export function recognise(lines: readonly Json[], roster: readonly LogFormat[] = formats): LogFormat | null {
  const known = lines.filter((line) => roster.some((format) => format.recognises(line)))
  if (known.length === 0) return null
  return roster.find((format) => known.every((line) => format.recognises(line))) ?? null
}
