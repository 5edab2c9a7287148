// What stands beside a plain request and says which API it is in, and which model: a path, and a vendor's word.

import type { Json, JsonObject } from '../../core/types.ts'
import { type Endpoint, endpointOf } from '../../providers/endpoint.ts'
import { providers } from '../../providers/index.ts'
import { fieldOf, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { bodyOf } from './fields.ts'
import { replyIn } from './reply-in.ts'

const pathFields = ['url', 'path', 'endpoint', 'request_path', 'requestPath', 'request_url', 'requestUrl', 'uri']
const vendorFields = ['provider', 'llm_provider', 'vendor', 'api']

/** The request as it can be replayed, and its API where something beside it says so. */
export interface Evidence {
  readonly api: string | null
  readonly body: JsonObject
}

/**
 * A path, and the name of an API as it is named here, are believed where the body can be in it. A vendor's word is less:
 * gateways ask Anthropic in OpenAI's words, so it counts where the model is one of Anthropic's, the body can be theirs and
 * no answer says otherwise.
 */
export function evidenceOf(line: JsonObject, body: JsonObject, response: Json): Evidence {
  const endpoint = endpointIn(line)
  const provider = providers.find((each) => each.name === endpoint?.api)
  if (endpoint !== null && provider?.allows(body) === true) {
    return { api: provider.name, body: completed(body, endpoint, line) }
  }
  const named = completed(body, null, line)
  const own = providers.find((each) => each.name === textAt(line, 'api'))
  if (own?.allows(named) === true) return { api: own.name, body: named }
  return { api: isAnthropic(line, named, response) ? 'anthropic-messages' : null, body: named }
}

function endpointIn(line: JsonObject): Endpoint | null {
  const holders = [bodyOf(fieldOf(line, 'request')), objectAt(line, 'http'), line]
  const paths = holders.flatMap((holder) => pathFields.map((field) => textAt(holder, field)))
  for (const path of paths) {
    const endpoint = path === null ? null : endpointOf(path)
    if (endpoint !== null) return endpoint
  }
  return null
}

/** The body with the model and the stream flag that its path has: a flag that is not sent, but says how it was answered. */
function completed(body: JsonObject, endpoint: Endpoint | null, line: JsonObject): JsonObject {
  const model = textAt(body, 'model') ?? endpoint?.model ?? textAt(line, 'model')
  return {
    ...body,
    ...(model === null ? {} : { model }),
    ...(endpoint?.isStreamed === true && fieldOf(body, 'stream') === undefined ? { stream: true } : {}),
  }
}

function isAnthropic(line: JsonObject, body: JsonObject, response: Json): boolean {
  const says = vendorFields.some((field) => /^anthropic\b/i.test(textAt(line, field) ?? ''))
  if (!says || !/^claude/i.test(textAt(body, 'model') ?? '')) return false
  const isAnswered = isObject(response) && objectAt(response, 'error') === null
  const anthropic = providers.find((each) => each.name === 'anthropic-messages')
  return anthropic?.allows(body) === true && (!isAnswered || replyIn(response, anthropic) !== null)
}
