// The streamed answer of Gemini's generateContent, folded chunk by chunk.

import type { Json, JsonObject, ToolCall, Usage } from '../core/types.ts'
import {
  blockReasonOf,
  candidateOf,
  fieldIn,
  listIn,
  partsOf,
  partText,
  stopOf,
  textIn,
  usageOf,
} from './gemini-generate-content-reply.ts'
import { createPartialArgs, type PartialArgs } from './gemini-partial-args.ts'
import { argumentsText, type ObjectFold } from './object-stream.ts'
import type { StreamReader } from './provider.ts'
import { fieldOf, isObject } from './shape.ts'

/** A tool call whose arguments came whole (`args`) or come in pieces (`partial`). */
interface OpenCall {
  readonly name: string
  readonly args: Json | undefined
  partial: PartialArgs | null
}

interface Fold {
  text: string
  readonly calls: OpenCall[]
  finish: string | null
  isBlocked: boolean
  usage: Usage | null
  model: string | null
  /** The pieces of a call's arguments that do not fit together. */
  broken: string | null
}

/** A fold for one streamed answer. The API has no end marker: an answer is whole once it said why it stopped. */
export function foldStream(): ObjectFold {
  const fold: Fold = { text: '', calls: [], finish: null, isBlocked: false, usage: null, model: null, broken: null }
  return { take: (chunk) => takeChunk(fold, chunk), isDone: () => false, end: () => endOf(fold) }
}

function takeChunk(fold: Fold, chunk: JsonObject): boolean {
  fold.model ??= textIn(chunk, 'modelVersion')
  fold.usage = usageOf(fieldIn(chunk, 'usageMetadata')) ?? fold.usage
  fold.isBlocked ||= blockReasonOf(chunk) !== null
  const candidate = candidateOf(chunk)
  const isContent = partsOf(candidate).map((part) => takePart(fold, part))
  fold.finish = textIn(candidate ?? undefined, 'finishReason') ?? fold.finish
  return isContent.includes(true)
}

/** Says whether the part is content: thoughts, code that the provider runs, and pictures are. */
function takePart(fold: Fold, part: Json): boolean {
  fold.text += partText(part)
  const call = fieldIn(part, 'functionCall')
  if (isObject(call)) return takeCall(fold, call)
  return (
    textIn(part, 'text') !== null || isObject(fieldIn(part, 'inlineData')) || isObject(fieldIn(part, 'executableCode'))
  )
}

/** A call with a name begins; one without goes on with the last, or only says that it is over. */
function takeCall(fold: Fold, call: JsonObject): boolean {
  const name = textIn(call, 'name')
  if (name !== null) fold.calls.push({ name, args: fieldOf(call, 'args'), partial: null })
  const pieces = listIn(call, 'partialArgs')
  for (const piece of pieces) {
    if (!takePiece(fold.calls.at(-1), piece)) fold.broken ??= 'the pieces of a tool call do not fit together'
  }
  return name !== null || pieces.length > 0
}

function takePiece(open: OpenCall | undefined, piece: Json): boolean {
  if (open === undefined) return false
  open.partial ??= createPartialArgs()
  return open.partial.take(piece)
}

function endOf(fold: Fold): ReturnType<StreamReader['end']> {
  if (fold.broken !== null) return { broken: fold.broken }
  if (fold.finish === null && !fold.isBlocked) return { broken: 'the stream was cut' }
  const toolCalls = fold.calls.map(toolCallOf)
  return {
    reply: {
      text: fold.text,
      toolCalls,
      stop: fold.isBlocked ? 'filtered' : stopOf(fold.finish, toolCalls.length > 0),
      usage: fold.usage,
      servedModel: fold.model,
    },
  }
}

function toolCallOf({ name, args, partial }: OpenCall): ToolCall {
  return { name, arguments: partial === null ? argumentsText(args) : partial.text() }
}
