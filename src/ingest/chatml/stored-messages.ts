// The messages of a stored completion, as OpenAI lists them in pages → those of the request.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isObject, textAt } from '../../providers/shape.ts'
import { allClear, Unclear, worded } from './unclear.ts'

/** A page of the list, or the messages that stand beside a completion. */
export interface Page {
  /** The completion's id, which its messages' ids begin with. */
  readonly completion: string
  readonly messages: readonly Json[]
  readonly hasMore: boolean
}

/** A message's id is its completion's and its number. */
const numbered = /^(.+)-(\d+)$/

/** The page that a line is; null where it is none, or is of several completions. */
export function pageOf(line: Json): Page | null {
  const messages = arrayAt(line, 'data')
  if (textAt(line, 'object') !== 'list' || messages.length === 0 || !messages.every(isMessage)) return null
  const owners = new Set(messages.map((each) => numbered.exec(textAt(each, 'id') ?? '')?.[1] ?? ''))
  const [completion = ''] = owners
  if (owners.size !== 1 || completion === '') return null
  return { completion, messages, hasMore: fieldOf(line, 'has_more') === true }
}

/** OpenAI's threads list messages too: theirs have parts for their content, and an object of their own. */
function isMessage(item: Json): boolean {
  const content = fieldOf(item, 'content') ?? null
  return (
    textAt(item, 'role') !== null &&
    textAt(item, 'object') === null &&
    (content === null || typeof content === 'string') &&
    numbered.test(textAt(item, 'id') ?? '')
  )
}

/** All messages of the request in their order, or why they are not all there. */
export function messagesIn(pages: readonly Page[]): readonly JsonObject[] | Unclear {
  const all = pages.flatMap(({ messages }) => messages)
  const numbers = all.map((each) => Number(numbered.exec(textAt(each, 'id') ?? '')?.[2] ?? Number.NaN))
  if (numbers.some(Number.isNaN)) {
    if (pages.some(({ hasMore }) => hasMore)) return new Unclear(missing)
    return allClear(all.map(messageOf))
  }
  // A page may have been saved twice, and in either order.
  const inOrder = new Map(all.map((each, at) => [numbers[at] ?? 0, each] as const))
  const places = [...inOrder.keys()].toSorted((left, right) => left - right)
  const isWhole = places.every((number, at) => number === at) && !endsOpen(pages, places.length - 1)
  if (!isWhole) return new Unclear(missing)
  return allClear(places.map((place) => messageOf(inOrder.get(place) ?? null)))
}

const missing = 'pages of messages that are not in the files: follow `has_more` to the end'

/** Whether the page with the last message says that more follow. */
function endsOpen(pages: readonly Page[], last: number): boolean {
  const holding = pages.filter(({ messages }) =>
    messages.some((each) => numbered.exec(textAt(each, 'id') ?? '')?.[2] === String(last)),
  )
  return holding.length > 0 && holding.every(({ hasMore }) => hasMore)
}

/** What a message of a request has; the list adds `id` and fields that are null. */
const ownFields = ['role', 'content', 'name', 'tool_calls', 'tool_call_id', 'function_call', 'refusal', 'audio']

function messageOf(stored: Json): JsonObject | Unclear {
  if (!isObject(stored)) return new Unclear('a message that is no object')
  const role = textAt(stored, 'role')
  const parts = arrayAt(stored, 'content_parts').map(withoutNulls)
  const kept = ownFields.flatMap((field) => {
    const value = fieldOf(stored, field) ?? null
    return value === null ? [] : [[field, value] as const]
  })
  const message: JsonObject = { ...Object.fromEntries(kept), ...(parts.length === 0 ? {} : { content: parts }) }
  if (role === 'tool' && !Object.hasOwn(message, 'tool_call_id')) {
    return new Unclear("a tool's result without its call, which the list of messages does not name")
  }
  const says = ['content', 'tool_calls', 'function_call', 'refusal', 'audio'].some((each) =>
    Object.hasOwn(message, each),
  )
  return says ? message : new Unclear(`a message of nothing, by ${worded(role)}`)
}

function withoutNulls(part: Json): Json {
  return isObject(part) ? Object.fromEntries(Object.entries(part).filter(([, value]) => value !== null)) : part
}
