// The GenAI conventions of OpenTelemetry: those of today, and those that they replaced.

import type { Json, JsonObject } from '../../core/types.ts'
import { fieldOf, isArray, isObject, textAt } from '../../providers/shape.ts'
import { meant } from '../chatml/chat.ts'
import { plainInputs, plainOutputs } from '../chatml/langchain.ts'
import { worded } from '../chatml/unclear.ts'
import { listAt, numberAt, wordAt } from './attributes.ts'
import { type Dialect, type Told, told } from './dialect.ts'
import { genAiFacts } from './gen-ai-attributes.ts'
import { answeredIn, askedIn } from './gen-ai-events.ts'
import type { Span } from './span.ts'

/** The event that has all that the span may have: instrumentations write the one, the other, or both. */
export const detailsEvent = 'gen_ai.client.inference.operation.details'

export const genAi = { read } as const satisfies Dialect

const calls = new Set(['chat', 'generate_content', 'text_completion'])

const advice =
  'content is opt-in: set OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT, and read the log records too where it writes events'

/** Traceloop writes in these conventions where it has nothing of its own to write. */
const ofTraceloop = 'content was switched off: leave TRACELOOP_TRACE_CONTENT unset'

function read(span: Span): Told | string | null {
  const details = span.events.filter(({ name }) => name === detailsEvent)
  const attributes: JsonObject = Object.assign({}, ...details.map((each) => each.attributes), span.attributes)
  const operation = wordAt(attributes, 'gen_ai.operation.name')
  if (operation === null && !isNamelessCall(attributes)) return null
  if (operation !== null && !calls.has(operation)) return `an operation that is no chat: ${worded(operation)}`
  const other = wordAt(attributes, 'langsmith.span.kind') ?? 'llm'
  if (other !== 'llm') return `a run of LangSmith that is no chat: ${worded(other)}`
  const input = inputOf(attributes, span)
  const isText = operation === 'text_completion'
  return told({
    ...genAiFacts(attributes),
    input: isText ? null : input,
    output: outputOf(attributes, span),
    advice: isText
      ? 'a completion of a text, which is no chat'
      : 'llm.request.type' in attributes
        ? ofTraceloop
        : advice,
    // Which schema it was, no attribute says.
    damage:
      wordAt(attributes, 'gen_ai.output.type') === 'json'
        ? { fidelity: 'truncated', reason: 'it asked for JSON, and OpenTelemetry keeps no schema' }
        : null,
  })
}

/** Before operations had names, a model and its tokens were all that told a call from others. */
function isNamelessCall(attributes: JsonObject): boolean {
  const model = wordAt(attributes, 'gen_ai.request.model', 'gen_ai.response.model')
  const type = wordAt(attributes, 'llm.request.type') ?? 'chat'
  const output = numberAt(attributes, 'gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens')
  const hasSaid = ['gen_ai.prompt', 'gen_ai.input.messages'].some((key) => key in attributes)
  return model !== null && type === 'chat' && (output !== null || hasSaid)
}

function inputOf(attributes: JsonObject, span: Span): Json {
  const own = meant(fieldOf(attributes, 'gen_ai.input.messages') ?? fieldOf(attributes, 'gen_ai.prompt'))
  const messages = own ?? meant(askedIn(span.events))
  if (messages === null) return null
  const system = meant(fieldOf(attributes, 'gen_ai.system_instructions'))
  const tools = listAt(attributes, 'gen_ai.tool.definitions')
  // LangSmith's exporter writes what LangChain logs.
  if (!isArray(messages)) return isObject(messages) ? plainInputs(messages) : messages
  return { messages, ...(system === null ? {} : { system }), ...(tools.length === 0 ? {} : { tools }) }
}

function outputOf(attributes: JsonObject, span: Span): Json {
  const own = meant(fieldOf(attributes, 'gen_ai.output.messages') ?? fieldOf(attributes, 'gen_ai.completion'))
  const output = own ?? meant(answeredIn(span.events))
  if (isObject(output)) return textAt(output, 'text') === null ? plainOutputs(output) : spoken(output)
  if (!isArray(output)) return output
  // Each is a choice of its own where several were asked for.
  const isOneOfMany = (numberAt(attributes, 'gen_ai.request.choice.count') ?? 1) > 1
  return withReason(isOneOfMany ? output.slice(0, 1) : output, listAt(attributes, 'gen_ai.response.finish_reasons')[0])
}

/** `{text, finish_reason}`, as some write a completion. */
function spoken(output: JsonObject): Json {
  return [{ role: 'assistant', content: textAt(output, 'text'), finish_reason: textAt(output, 'finish_reason') }]
}

/** The reason stands with the message, or beside all of them. */
function withReason(output: readonly Json[], reason: Json | undefined): readonly Json[] {
  return output.map((message, at) => {
    const isLast = at === output.length - 1 && (fieldOf(message, 'finish_reason') ?? null) === null
    return isLast && typeof reason === 'string' && typeof message === 'object' && !isArray(message)
      ? { ...message, finish_reason: reason }
      : message
  })
}
