// The streamed answer of OpenAI's responses, folded event by event.

import type { Json, JsonObject, Reply } from '../core/types.ts'
import { chunkOf, doneMark, errorIn } from './openai-chunks.ts'
import { messageText, replyOf, toolCallOf } from './openai-responses-reply.ts'
import type { StreamEvent, StreamReader } from './provider.ts'
import { arrayAt, countAt, fieldOf, objectAt, textAt } from './shape.ts'

interface Fold {
  /** By place in the output: some servers change an item's id on the way. */
  readonly items: Map<number | string, OpenItem>
  /** The response as the last event that carried it has it. */
  response: JsonObject | null
  isDone: boolean
  broken: string | null
}

/** An output item that is still coming. */
interface OpenItem {
  item: JsonObject
  isDone: boolean
  text: string
  refusal: string
  arguments: string
}

/** A reader for one streamed answer. Its end marker is `response.completed` or `response.incomplete`. */
export function readStream(): StreamReader {
  const fold: Fold = { items: new Map(), response: null, isDone: false, broken: null }
  return { push: (event) => ({ hasContent: takeEvent(fold, event) }), end: () => endOf(fold) }
}

function takeEvent(fold: Fold, event: StreamEvent): boolean {
  // Some servers close with the marker of the older APIs. It says nothing here: the response's own last event does.
  if (fold.isDone || fold.broken !== null || event.data.trim() === '' || event.data.trim() === doneMark) return false
  const chunk = chunkOf(event)
  if ('broken' in chunk) {
    fold.broken = chunk.broken
    return false
  }
  const type = textAt(chunk.json, 'type') ?? event.event ?? ''
  return takeTyped(fold, type, chunk.json)
}

function takeTyped(fold: Fold, type: string, json: JsonObject): boolean {
  switch (type) {
    case 'error':
      fold.broken = errorIn(json)
      return false
    case 'response.failed':
      fold.broken = failureIn(json)
      return false
    case 'response.completed':
    case 'response.incomplete':
      return takeEnd(fold, json)
    case 'response.output_item.added':
    case 'response.output_item.done':
      return takeItem(fold, json, type.endsWith('.done'))
    default:
      if (objectAt(json, 'response') !== null) fold.response = objectAt(json, 'response')
      return type.endsWith('.delta') ? takeDelta(fold, type, json) : takeDone(fold, type, json)
  }
}

function failureIn(json: JsonObject): string {
  const error = objectAt(objectAt(json, 'response') ?? null, 'error')
  return error === null ? 'the stream brought a failed response' : errorIn(error)
}

/** The last event repeats the whole answer, and with it what a server brought in no earlier one. */
function takeEnd(fold: Fold, json: JsonObject): boolean {
  const status = textAt(json, 'type') === 'response.incomplete' ? 'incomplete' : 'completed'
  const response = objectAt(json, 'response')
  fold.response = response === null ? null : { ...response, status: textAt(response, 'status') ?? status }
  fold.isDone = true
  return arrayAt(fold.response ?? null, 'output').some(isSeen)
}

function takeItem(fold: Fold, json: JsonObject, isDone: boolean): boolean {
  const item = objectAt(json, 'item')
  if (item === null) return false
  const open = openItem(fold, json)
  open.item = item
  open.isDone = isDone
  return isSeen(item)
}

/** Whether an item holds what a user would see: text, a refusal, a call, reasoning. */
function isSeen(item: Json): boolean {
  const isReasoned = [...arrayAt(item, 'summary'), ...arrayAt(item, 'content')].some(
    (part) => textAt(item, 'type') === 'reasoning' && textAt(part, 'text') !== null,
  )
  const text = messageText(item, 'output_text') + messageText(item, 'refusal')
  return isReasoned || text !== '' || toolCallOf(item) !== null
}

/** Pieces of arguments are content as those of text are: a caller sees the call being written. */
function takeDelta(fold: Fold, type: string, json: JsonObject): boolean {
  const delta = textAt(json, 'delta')
  if (delta === null) return false
  const open = openItem(fold, json)
  switch (type) {
    case 'response.output_text.delta':
      open.text += delta
      break
    case 'response.refusal.delta':
      open.refusal += delta
      break
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      open.arguments += delta
      break
    default:
  }
  return true
}

/** What a server gives whole, having sent no pieces of it. */
function takeDone(fold: Fold, type: string, json: JsonObject): boolean {
  switch (type) {
    case 'response.output_text.done': {
      const open = openItem(fold, json)
      if (open.text === '') open.text = textAt(json, 'text') ?? ''
      return open.text !== ''
    }
    case 'response.refusal.done': {
      const open = openItem(fold, json)
      if (open.refusal === '') open.refusal = textAt(json, 'refusal') ?? ''
      return open.refusal !== ''
    }
    case 'response.function_call_arguments.done': {
      const open = openItem(fold, json)
      open.arguments = textAt(json, 'arguments') ?? open.arguments
      return open.arguments !== ''
    }
    default:
      return false
  }
}

function openItem(fold: Fold, json: JsonObject): OpenItem {
  const place =
    countAt(json, 'output_index') ?? textAt(json, 'item_id') ?? textAt(objectAt(json, 'item') ?? null, 'id') ?? 0
  const open = fold.items.get(place) ?? { item: {}, isDone: false, text: '', refusal: '', arguments: '' }
  fold.items.set(place, open)
  return open
}

function endOf(fold: Fold): { readonly reply: Reply } | { readonly broken: string } {
  if (fold.broken !== null) return { broken: fold.broken }
  if (!fold.isDone) return { broken: 'the stream was cut' }
  const { response } = fold
  if (response === null) return { broken: 'the stream held no answer' }
  const output = arrayAt(response, 'output')
  const reply = replyOf({ ...response, output: output.length > 0 ? output : itemsOf(fold) })
  return reply === null ? { broken: 'the stream held no answer' } : { reply }
}

function itemsOf({ items }: Fold): readonly JsonObject[] {
  const placed = [...items].toSorted(([left], [right]) =>
    typeof left === 'number' && typeof right === 'number' ? left - right : 0,
  )
  return placed.map(([, item]) => itemOf(item))
}

/** The item as its last event has it, else as its pieces do: for servers whose last event leaves the output out. */
function itemOf({ item, isDone, text, refusal, arguments: pieces }: OpenItem): JsonObject {
  if (isDone) return item
  switch (textAt(item, 'type')) {
    case 'function_call':
      return { ...item, arguments: pieces === '' ? (fieldOf(item, 'arguments') ?? '') : pieces }
    case 'custom_tool_call':
      return { ...item, input: pieces === '' ? (fieldOf(item, 'input') ?? '') : pieces }
    case null:
    case 'message':
      return {
        type: 'message',
        content: [...partOf('output_text', 'text', text), ...partOf('refusal', 'refusal', refusal)],
      }
    default:
      return item
  }
}

function partOf(type: string, field: string, text: string): readonly JsonObject[] {
  return text === '' ? [] : [{ type, [field]: text }]
}
