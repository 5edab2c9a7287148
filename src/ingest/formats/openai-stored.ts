// OpenAI's stored completions: the list of completions, and the messages of each, which are a call of their own.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { messagesIn, type Page, pageOf } from '../chatml/stored-messages.ts'
import { Unclear, uncertain } from '../chatml/unclear.ts'
import { captured, type LogEntry, type LogFormat, lost } from '../log-format.ts'
import { conversationOf, segmentsOf, userOf } from '../parts/fields.ts'
import { instantOf } from '../parts/instant.ts'

export const openaiStored = {
  name: 'openai-stored',
  title: "OpenAI's stored chat completions and their messages",
  tells: 'request and answer, usage, user, segments in `metadata`',
  lacks: 'limits of tokens, times, feedback; the messages, unless they were saved too',
  nests: false,
  recognises,
  read,
  assemble,
  specimens: [
    {
      line: {
        object: 'chat.completion',
        id: 'chatcmpl-1',
        model: 'gpt-x-1',
        created: 1790000000,
        request_id: 'req_1',
        tool_choice: null,
        usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
        seed: 4711,
        top_p: 1,
        temperature: 0.2,
        input_user: null,
        tools: null,
        metadata: { route: 'greeting' },
        choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
        response_format: null,
        messages: [{ role: 'user', content: 'Hi' }],
      },
      kind: 'whole',
    },
    {
      line: {
        object: 'list',
        data: [{ id: 'chatcmpl-2-0', role: 'user', content: 'Hi', name: null, content_parts: null }],
        first_id: 'chatcmpl-2-0',
        last_id: 'chatcmpl-2-0',
        has_more: false,
      },
      kind: 'row',
    },
    {
      line: {
        object: 'list',
        data: [
          {
            object: 'chat.completion',
            id: 'chatcmpl-2',
            model: 'gpt-x-1',
            created: 1790000001,
            request_id: 'req_2',
            input_user: null,
            metadata: {},
            choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
          },
        ],
        has_more: false,
      },
      kind: 'row',
    },
  ],
} as const satisfies LogFormat

/** Fields that a completion has where it is stored, beside what every answer has. */
const ownFields = `request_id input_user metadata temperature top_p seed tools tool_choice response_format
  presence_penalty frequency_penalty`.split(/\s+/)

function isCompletion(value: Json): boolean {
  if (textAt(value, 'object') !== 'chat.completion' || textAt(value, 'id') === null || !isObject(value)) return false
  return ownFields.filter((field) => Object.hasOwn(value, field)).length >= 3
}

function isList(line: Json, isItem: (item: Json) => boolean): boolean {
  const items = arrayAt(line, 'data')
  return textAt(line, 'object') === 'list' && items.length > 0 && items.every(isItem)
}

function recognises(line: Json): boolean {
  return isCompletion(line) || isList(line, isCompletion) || pageOf(line) !== null
}

/** Messages come after their completion: what a row is shows its shape. */
function read(line: Json): readonly LogEntry[] {
  if (isList(line, isCompletion)) return arrayAt(line, 'data').flatMap(read)
  if (isCompletion(line) && isObject(line)) {
    const beside = besideOf(line)
    if (beside !== null) return [exchangeOf(line, beside)]
    return [{ kind: 'row', key: keyOf(textAt(line, 'id') ?? ''), order: 0, row: line }]
  }
  const page = pageOf(line)
  if (page === null) return [{ kind: 'rejected', reason: 'neither a stored completion nor the messages of one' }]
  return [{ kind: 'row', key: keyOf(page.completion), order: 1, row: line }]
}

function keyOf(completion: string): string {
  return `openai-stored\0${completion}`
}

/** The messages, where somebody wrote them into the completion: as a list, or as the API gave the list. */
function besideOf(completion: JsonObject): readonly Page[] | null {
  const messages = fieldOf(completion, 'messages')
  if (isArray(messages)) return [{ completion: '', messages, hasMore: false }]
  if (!isObject(messages)) return null
  const hasMore = fieldOf(messages, 'has_more') === true
  return [{ completion: '', messages: arrayAt(messages, 'data'), hasMore }]
}

function assemble(rows: readonly Json[]): LogEntry {
  const completion = rows.find(isCompletion)
  if (!isObject(completion)) {
    return { kind: 'rejected', reason: 'messages of a stored completion that is in none of the files' }
  }
  return exchangeOf(
    completion,
    rows.map(pageOf).filter((page) => page !== null),
  )
}

/**
 * Fields of the request that a stored completion repeats, under the request's names. Not its `seed`: one that nobody asked
 * for is stored too, with more digits than a number keeps.
 */
const settings = `temperature top_p presence_penalty frequency_penalty tools tool_choice response_format
  reasoning_effort verbosity parallel_tool_calls`.split(/\s+/)

/** What is stored where nothing was asked for: models that reason refuse some of these, even so. */
const defaults: Readonly<Record<string, number>> = {
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
}

function exchangeOf(completion: JsonObject, pages: readonly Page[]): LogEntry {
  const metadata = { metadata: objectAt(completion, 'metadata') }
  const known = {
    api: 'openai-chat',
    response: completion,
    capturedAt: instantOf(fieldOf(completion, 'created')),
    user: textAt(completion, 'input_user') ?? userOf(metadata),
    conversation: conversationOf(metadata),
    segments: segmentsOf(metadata),
    callId: textAt(completion, 'id'),
  }
  if (pages.length === 0) {
    const advice = 'save the answers to GET /chat/completions/{id}/messages beside the list'
    return lost(`the messages of a stored completion are a call of their own: ${advice}`, known)
  }
  const messages = messagesIn(pages)
  if (messages instanceof Unclear) return lost(uncertain(messages), known)
  const kept = settings.flatMap((field) => {
    const value = fieldOf(completion, field) ?? null
    const isUnset = value === null || value === defaults[field] || (isArray(value) && value.length === 0)
    return isUnset ? [] : [[field, value] as const]
  })
  const body = { model: fieldOf(completion, 'model') ?? null, messages, ...Object.fromEntries(kept) }
  return { kind: 'whole', exchange: captured({ ...known, body }) }
}
