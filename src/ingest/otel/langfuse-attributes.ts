// Langfuse's SDKs, which write their observations as spans.

import type { Json, JsonObject } from '../../core/types.ts'
import { fieldOf, parseJson, textAt } from '../../providers/shape.ts'
import { meant } from '../chatml/chat.ts'
import { worded } from '../chatml/unclear.ts'
import { usageOf } from '../chatml/usage.ts'
import { instantOf } from '../parts/instant.ts'
import { tagSegments } from '../parts/tags.ts'
import { listAt, objectIn, wordAt } from './attributes.ts'
import { type Dialect, type Told, told } from './dialect.ts'
import type { Span } from './span.ts'

export const langfuseAttributes = { read } as const satisfies Dialect

function read({ attributes, start }: Span): Told | string | null {
  const type = wordAt(attributes, 'langfuse.observation.type')
  if (type === null) return null
  if (type !== 'generation') return `an observation of type ${worded(type)}, which is no call of a model`
  const settings = objectIn(attributes, 'langfuse.observation.model.parameters') ?? {}
  return told({
    input: meant(fieldOf(attributes, 'langfuse.observation.input')),
    output: meant(fieldOf(attributes, 'langfuse.observation.output')),
    settings,
    model: textAt(settings, 'model') ?? wordAt(attributes, 'langfuse.observation.model.name'),
    usage: usageOf(objectIn(attributes, 'langfuse.observation.usage_details')),
    firstTokenMs: firstTokenOf(attributes, start),
    user: wordAt(attributes, 'user.id'),
    conversation: wordAt(attributes, 'session.id'),
    segments: tagSegments(listAt(attributes, 'langfuse.trace.tags')),
    advice: 'its input was not logged',
  })
}

/** The SDKs write the instant as JSON, which is a text in quotes. */
function firstTokenOf(attributes: JsonObject, start: Json): number | null {
  const written = wordAt(attributes, 'langfuse.observation.completion_start_time') ?? ''
  const [from, first] = [instantOf(start), instantOf(parseJson(written) ?? written)]
  const ms = from === null || first === null ? -1 : Date.parse(first) - Date.parse(from)
  return ms < 0 ? null : ms
}
