// What came back in a line, by a map: an API's own answer, or one made of its text and its calls.

import type { Json, JsonObject } from '../../core/types.ts'
import { providers } from '../../providers/index.ts'
import { arrayAt, fieldOf, isArray, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { completionOf } from '../chatml/completion.ts'
import type { Asked } from './asked.ts'
import type { Found } from './found.ts'

/** The answer in the words of the request's API; null where there is none, or where it cannot be put into them. */
export function answerIn(found: Found, asked: Asked): Json {
  const api = apiOf(asked)
  const response = found.json('response')
  if (response !== undefined) {
    const asksForJson = fieldOf(asked.body, 'response_format') !== undefined
    return api === 'openai-chat' ? (completionOf(response, { asksForJson }) ?? response) : response
  }
  const said = found.value('text')
  const calls = found.json('toolCalls')
  const text = said === undefined || typeof said === 'string' ? (said ?? '') : JSON.stringify(said)
  const tool_calls = isArray(calls) ? calls : []
  if (text === '' && tool_calls.length === 0) return null
  const completion = completionOf([{ role: 'assistant', content: text, tool_calls }], { asksForJson: false })
  if (completion === null) return null
  const reason = found.text('finishReason')?.toLowerCase() ?? null
  const model = found.text('servedModel')
  if (api === 'anthropic-messages') return messageOf(completion, { reason, model })
  return api === 'openai-chat' ? { ...withReason(completion, reason), ...(model === null ? {} : { model }) } : null
}

function apiOf({ api, body }: Asked): string | null {
  return api ?? providers.find((provider) => provider.accepts(body))?.name ?? null
}

/** OpenAI's word for an ending, and those of others for the same. */
const endings: readonly (readonly [string, ...string[]])[] = [
  ['stop', 'end_turn', 'stop_sequence', 'end'],
  ['length', 'max_tokens'],
  ['tool_calls', 'tool_use', 'tool', 'function_call'],
  ['content_filter', 'safety', 'filtered'],
]

function withReason(completion: JsonObject, reason: string | null): JsonObject {
  const finish_reason = endings.find((words) => words.includes(reason ?? ''))?.[0] ?? reason
  const choices = arrayAt(completion, 'choices').map((each) => ({ index: 0, message: messageIn(each), finish_reason }))
  return { ...completion, choices }
}

function messageIn(choice: Json | undefined): JsonObject {
  return objectAt(choice, 'message') ?? {}
}

/** The same answer as Anthropic says it. */
function messageOf(
  completion: JsonObject,
  { reason, model }: { readonly reason: string | null; readonly model: string | null },
): JsonObject {
  const message = messageIn(arrayAt(completion, 'choices')[0])
  const text = textAt(message, 'content')
  const calls = arrayAt(message, 'tool_calls').map((call) => {
    const given = textAt(objectAt(call, 'function'), 'arguments') ?? '{}'
    const name = textAt(objectAt(call, 'function'), 'name') ?? ''
    return { type: 'tool_use', name, input: parseJson(given) ?? given }
  })
  const words = endings.find((each) => each.includes(reason ?? ''))
  return {
    type: 'message',
    role: 'assistant',
    content: [...(text === null ? [] : [{ type: 'text', text }]), ...calls],
    stop_reason: words?.[1] ?? reason,
    ...(model === null ? {} : { model }),
  }
}
