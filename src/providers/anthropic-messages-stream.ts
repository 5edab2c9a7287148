// The streamed answer of Anthropic's messages, folded event by event.

import type { Json, JsonObject } from '../core/types.ts'
import { answerText, laterUsage, stopOf, usageOf } from './anthropic-messages-reply.ts'
import { argumentsText, type ObjectFold } from './object-stream.ts'
import type { StreamReader } from './provider.ts'
import { arrayAt, countAt, fieldOf, isObject, objectAt, textAt } from './shape.ts'

/** A content block that is still coming. */
interface OpenBlock {
  readonly type: string
  readonly name: string
  /** The input that the block began with; the pieces replace it. */
  readonly input: Json | undefined
  text: string
  json: string
}

interface Fold {
  /** By index; null before `message_start`. */
  blocks: Map<number, OpenBlock> | null
  model: string | null
  stopReason: string | null
  /** The last object that carried a stop reason, for its `stop_details`. */
  stopHolder: JsonObject
  usage: JsonObject
  isDone: boolean
}

/** A fold for one streamed answer. */
export function foldStream(): ObjectFold {
  const fold: Fold = { blocks: null, model: null, stopReason: null, stopHolder: {}, usage: {}, isDone: false }
  return { take: (event) => takeEvent(fold, event), isDone: () => fold.isDone, end: () => endOf(fold) }
}

/** Events of unknown type are passed over: the API's versioning policy reserves the right to add some. */
function takeEvent(fold: Fold, event: JsonObject): boolean {
  switch (textAt(event, 'type') ?? '') {
    case 'message_start':
      return startMessage(fold, objectAt(event, 'message') ?? {})
    case 'content_block_start':
      return startBlock(fold, countAt(event, 'index') ?? 0, fieldOf(event, 'content_block'))
    case 'content_block_delta':
      return takeDelta(fold.blocks?.get(countAt(event, 'index') ?? 0), objectAt(event, 'delta'))
    case 'message_delta':
      return takeMessageDelta(fold, event)
    case 'message_stop':
      fold.isDone = true
      return false
    default:
      return false
  }
}

/** A second start, before the first message ended, begins anew: a proxy that reconnected sends the answer again. */
function startMessage(fold: Fold, message: JsonObject): boolean {
  fold.blocks = new Map()
  fold.model = textAt(message, 'model') ?? fold.model
  fold.stopReason = textAt(message, 'stop_reason')
  fold.stopHolder = message
  fold.usage = laterUsage({}, fieldOf(message, 'usage'))
  let hasContent = false
  for (const [index, block] of arrayAt(message, 'content').entries()) {
    hasContent = startBlock(fold, index, block) || hasContent
  }
  return hasContent
}

function startBlock(fold: Fold, index: number, block: Json | undefined): boolean {
  if (fold.blocks === null || !isObject(block)) return false
  const type = textAt(block, 'type') ?? ''
  const text = textAt(block, 'text') ?? ''
  const name = textAt(block, 'name') ?? ''
  // Another model took over: the start of the message named the first one.
  if (type === 'fallback') fold.model = textAt(objectAt(block, 'to'), 'model') ?? fold.model
  fold.blocks.set(index, { type, name, input: fieldOf(block, 'input'), text, json: '' })
  return text !== '' || textAt(block, 'thinking') !== null || (type.endsWith('tool_use') && name !== '')
}

function takeDelta(block: OpenBlock | undefined, delta: JsonObject | null): boolean {
  if (block === undefined) return false
  const text = textAt(delta, 'text') ?? ''
  const json = textAt(delta, 'partial_json') ?? ''
  block.text += text
  block.json += json
  return text !== '' || json !== '' || textAt(delta, 'thinking') !== null
}

function takeMessageDelta(fold: Fold, event: JsonObject): boolean {
  const delta = objectAt(event, 'delta') ?? {}
  fold.usage = laterUsage(fold.usage, fieldOf(event, 'usage'))
  const reason = textAt(delta, 'stop_reason')
  if (reason === null) return false
  fold.stopReason = reason
  fold.stopHolder = delta
  return answerText('', stopOf(reason), delta) !== ''
}

function endOf(fold: Fold): ReturnType<StreamReader['end']> {
  if (!fold.isDone) {
    return { broken: fold.stopReason === null ? 'the stream was cut' : 'the stream ended without its end marker' }
  }
  if (fold.blocks === null) return { broken: 'the stream held no answer' }
  const stop = stopOf(fold.stopReason)
  return {
    reply: {
      text: answerText(textOf(fold.blocks), stop, fold.stopHolder),
      toolCalls: inOrder(fold.blocks)
        .filter((block) => block.type === 'tool_use')
        .map((block) => ({ name: block.name, arguments: argumentsText(block.json === '' ? block.input : block.json) })),
      stop,
      usage: usageOf(fold.usage),
      servedModel: fold.model,
    },
  }
}

function inOrder(blocks: ReadonlyMap<number, OpenBlock>): readonly OpenBlock[] {
  return [...blocks].toSorted(([left], [right]) => left - right).map(([, block]) => block)
}

function textOf(blocks: ReadonlyMap<number, OpenBlock>): string {
  return inOrder(blocks)
    .map((block) => (block.type === 'text' ? block.text : ''))
    .join('')
}
