// An answer of Bedrock's Converse, whole or as the events of its stream → an OpenAI chat completion.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, countAt, fieldOf, isArray, objectAt, textAt } from '../../providers/shape.ts'
import { isTooDeep } from '../redact.ts'
import { callObject } from './messages.ts'

export interface ConverseAnswer {
  readonly completion: JsonObject
  /** Milliseconds, as Converse counts them; null where it did not. */
  readonly latencyMs: number | null
}

/** null where it is no answer of Converse, or nests too deeply to be walked. */
export function converseAnswer(answer: Json): ConverseAnswer | null {
  if (isTooDeep(answer)) return null
  const whole = isArray(answer) ? foldedEvents(answer) : answer
  const message = objectAt(objectAt(whole, 'output'), 'message')
  if (message === null || !isArray(fieldOf(message, 'content'))) return null
  const blocks = arrayAt(message, 'content')
  const calls = blocks.flatMap((block) => callIn(objectAt(block, 'toolUse')))
  const said = {
    role: 'assistant',
    content: blocks.map((block) => textAt(block, 'text') ?? '').join(''),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  }
  const usage = usageOf(objectAt(whole, 'usage'))
  const completion = {
    choices: [{ index: 0, message: said, finish_reason: finishOf(textAt(whole, 'stopReason')) }],
    ...(usage === null ? {} : { usage }),
  }
  return { completion, latencyMs: countAt(objectAt(whole, 'metrics'), 'latencyMs') }
}

function callIn(call: JsonObject | null): readonly JsonObject[] {
  if (call === null) return []
  const input = fieldOf(call, 'input') ?? {}
  const text = typeof input === 'string' ? input : JSON.stringify(input)
  return [callObject({ id: textAt(call, 'toolUseId'), name: textAt(call, 'name') ?? '', arguments: text })]
}

function finishOf(reason: string | null): string | null {
  switch (reason ?? '') {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_use':
      return 'tool_calls'
    case 'guardrail_intervened':
    case 'content_filtered':
      return 'content_filter'
    default:
      return null
  }
}

/** Bedrock counts what its cache read and wrote beside the input, OpenAI in it. */
function usageOf(usage: JsonObject | null): JsonObject | null {
  const input = countAt(usage, 'inputTokens')
  const output = countAt(usage, 'outputTokens')
  if (usage === null || input === null || output === null) return null
  const counted = (name: string) => countAt(usage, `${name}InputTokens`) ?? countAt(usage, `${name}InputTokenCount`)
  const read = counted('cacheRead')
  const written = counted('cacheWrite') ?? 0
  return {
    prompt_tokens: input + (read ?? 0) + written,
    completion_tokens: output,
    ...(read === null && written === 0
      ? {}
      : {
          prompt_tokens_details: { cached_tokens: read ?? 0, ...(written > 0 ? { cache_write_tokens: written } : {}) },
        }),
  }
}

/** The events of ConverseStream, put together as Converse would have answered. */
function foldedEvents(events: readonly Json[]): JsonObject {
  const blocks = new Map<number, { text: string; call: JsonObject | null; input: string }>()
  const blockAt = (event: JsonObject) => {
    const at = countAt(event, 'contentBlockIndex') ?? 0
    const block = blocks.get(at) ?? { text: '', call: null, input: '' }
    blocks.set(at, block)
    return block
  }
  for (const event of events) {
    const start = objectAt(event, 'contentBlockStart')
    const delta = objectAt(event, 'contentBlockDelta')
    if (start !== null) blockAt(start).call = objectAt(objectAt(start, 'start'), 'toolUse')
    if (delta !== null) {
      const block = blockAt(delta)
      block.text += textAt(objectAt(delta, 'delta'), 'text') ?? ''
      block.input += textAt(objectAt(objectAt(delta, 'delta'), 'toolUse'), 'input') ?? ''
    }
  }
  const lastOf = (kind: string) =>
    events.map((event) => objectAt(event, kind)).findLast((each) => each !== null) ?? null
  const stop = lastOf('messageStop')
  if (stop === null) return {}
  const content = [...blocks.entries()]
    .toSorted(([left], [right]) => left - right)
    .map(([, { text, call, input }]): JsonObject => (call === null ? { text } : { toolUse: { ...call, input } }))
  return { ...stop, ...lastOf('metadata'), output: { message: { role: 'assistant', content } } }
}
