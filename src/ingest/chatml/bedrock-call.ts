// A call through Bedrock → one in the words of an API that is read here: as it stands, or Converse translated.

import type { Json, JsonObject, Timing } from '../../core/types.ts'
import { openaiChat } from '../../providers/openai-chat.ts'
import { arrayAt, fieldOf, isArray, objectAt, textAt } from '../../providers/shape.ts'
import type { CapturedExchange } from '../log-format.ts'
import { timingOf } from '../parts/fields.ts'
import { replyIn } from '../parts/reply-in.ts'
import { converseRequest } from './converse.ts'
import { converseAnswer } from './converse-answer.ts'
import { Unclear, uncertain } from './unclear.ts'

interface Invocation {
  readonly body: JsonObject
  readonly response: Json
  /** null where the log does not name it: a batch's job does. */
  readonly model: string | null
  /** null where the body must tell. */
  readonly operation: string | null
}

type Call = Pick<CapturedExchange, 'api' | 'body' | 'response' | 'timing'>

/** The call, or why nobody can say what was asked. */
export function bedrockCall({ body, response, model, operation }: Invocation): Call | Unclear {
  // Bedrock asks for a stream by its operation.
  const delivery = operation?.endsWith('Stream') === true ? { stream: true } : {}
  const named = { ...body, ...(model === null ? {} : { model }), ...delivery }
  const isConverse = operation === null ? isConverseBody(body) : operation.startsWith('Converse')
  if (isConverse) {
    const request = converseRequest(body)
    if (request instanceof Unclear) return new Unclear(uncertain(request))
    const answer = converseAnswer(response)
    return {
      api: 'openai-chat',
      body: {
        ...(model === null ? {} : { model }),
        ...request,
        ...delivery,
      },
      response: answer && { ...(model === null ? {} : { model }), ...answer.completion },
      timing: answer && timingOf({ total_ms: answer.latencyMs }),
    }
  }
  const timing = streamTimingOf(response)
  // The version stays: it makes a body of plain texts certain, and is not sent (`providers/anthropic-messages`).
  if (textAt(body, 'anthropic_version') !== null && arrayAt(body, 'messages').length > 0) {
    return { api: 'anthropic-messages', body: named, response, timing }
  }
  // OpenAI's open models, and some others, are asked in OpenAI's words here too: their answers say so.
  if (openaiChat.allows(named) && response !== null && replyIn(response, openaiChat) !== null) {
    return { api: 'openai-chat', body: named, response, timing }
  }
  const whose = model === null ? 'its model' : model.slice(0, 100)
  return new Unclear(
    `the body of ${whose} is of no API that is read: ask it through Converse, or in Anthropic's messages`,
  )
}

function isConverseBody(body: JsonObject): boolean {
  const parts = arrayAt(body, 'messages').flatMap((message) => arrayAt(message, 'content'))
  return textAt(body, 'schemaVersion') === null && parts.length > 0 && parts.every(isConversePart)
}

/** Converse has parts without a type, which name what they are themselves. */
function isConversePart(part: Json): boolean {
  const names = ['text', 'toolUse', 'toolResult', 'image']
  return textAt(part, 'type') === null && names.some((field) => (fieldOf(part, field) ?? null) !== null)
}

/** A stream's end has the only times of an invocation. Its first byte is no token yet. */
function streamTimingOf(response: Json): Timing | null {
  if (!isArray(response)) return null
  const metrics =
    response.map((chunk) => objectAt(chunk, 'amazon-bedrock-invocationMetrics')).findLast((each) => each !== null) ??
    null
  const totalMs = timingOf({ total_ms: fieldOf(metrics ?? undefined, 'invocationLatency') ?? null })?.totalMs ?? null
  const headersMs = timingOf({ total_ms: fieldOf(metrics ?? undefined, 'firstByteLatency') ?? null })?.totalMs ?? null
  return totalMs === null && headersMs === null ? null : { headersMs, firstTokenMs: null, totalMs }
}
