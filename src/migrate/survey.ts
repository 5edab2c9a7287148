// The records of a store by the shape of their bodies, and what the candidate would make of each shape.

import type { Json, JsonObject } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import { textAt } from '../providers/shape.ts'
import { type BodyShape, shapeOf } from './body-shape.ts'
import type { Candidate } from './candidate.ts'
import type { Rule } from './rule.ts'
import { rules as roster } from './rules/index.ts'

/** How the candidate is asked: the same that a replay would do. */
export interface Asking {
  readonly api: string
  readonly vendor: string | null
  readonly provider: Provider
  readonly model: string | null
  readonly rename: Readonly<Record<string, string>>
  readonly overrides: JsonObject
  readonly isStreamed: (body: JsonObject) => boolean
}

export interface Surveyed {
  readonly shape: BodyShape
  readonly records: number
  /** Its first record. */
  readonly example: string
  /** Whether the candidate speaks the API that the bodies are written in. */
  readonly isReplayable: boolean
  /** All its bodies are concerned by these, and by no others. */
  readonly hits: readonly Rule[]
  /** The top-level fields of its bodies as they would be sent. */
  readonly fields: readonly string[]
}

export interface Survey {
  readonly add: (record: { readonly id: string; readonly api: string; readonly body: JsonObject }) => void
  /** The most frequent first. */
  readonly shapes: () => readonly Surveyed[]
}

export function createSurvey(asking: Asking, rules: readonly Rule[] = roster): Survey {
  const found = new Map<string, Surveyed>()
  return {
    add: ({ id, api, body }) => {
      const isReplayable = api === asking.api
      const isStreamed = isReplayable ? asking.isStreamed(body) : false
      const shape = shapeOf(api, body, isStreamed)
      const sent = isReplayable ? sentBody(asking, body) : {}
      const hits = isReplayable ? hitsOf(asking, body, sent, rules) : []
      const key = JSON.stringify([shape, hits.map((rule) => rule.id)])
      const known = found.get(key)
      const first = { shape, example: id, isReplayable, hits, fields: Object.keys(sent) }
      found.set(key, { ...(known ?? first), records: (known?.records ?? 0) + 1 })
    },
    shapes: () => [...found.values()].toSorted((a, b) => b.records - a.records || (a.example < b.example ? -1 : 1)),
  }
}

/** The body as it goes over the wire. */
export function sentBody({ provider, model, rename, overrides, isStreamed }: Asking, body: JsonObject): JsonObject {
  return provider.request(body, { model, rename, overrides, stream: isStreamed(body) }).body
}

function hitsOf(asking: Asking, body: JsonObject, sent: JsonObject, rules: readonly Rule[]): readonly Rule[] {
  // Gemini's model stands in the path.
  const model = textAt(sent, 'model') ?? textAt(asking.overrides, 'model') ?? asking.model ?? textAt(body, 'model')
  const candidate: Candidate = { api: asking.api, vendor: asking.vendor, model }
  return rules.filter((rule) => rule.about(candidate) && rule.hits(sent, candidate))
}

/** Whether every body of it would be taken, as far as is known. */
export function isAccepted({ isReplayable, hits }: Surveyed): boolean {
  return isReplayable && hits.every(({ effect }) => effect !== 'rejects')
}

/** A shape in one line. */
export function shapeWords({
  api,
  parameters,
  roles,
  content,
  tools,
  format,
  isPrefilled,
  isStreamed,
}: BodyShape): string {
  const parts = [
    api,
    ...(parameters.length > 0 ? [parameters.join(', ')] : ['no parameters']),
    ...(roles.length > 0 ? [`roles ${roles.join(', ')}`] : []),
    ...(content.some((kind) => kind !== 'text') ? [`content ${content.join(', ')}`] : []),
    ...(tools === null ? [] : [`tools as ${tools}`]),
    ...(format === null ? [] : [`answers as ${format}`]),
    ...(isPrefilled ? ['prefilled'] : []),
    ...(isStreamed ? ['streamed'] : []),
  ]
  return parts.join(' · ')
}

/** For programs: every fact of it. */
export function surveyedJson({
  shape,
  records,
  example,
  isReplayable,
  hits,
}: Surveyed): Readonly<Record<string, Json>> {
  return {
    shape: { ...shape },
    records,
    example,
    isReplayable,
    findings: hits.map(({ id, field, effect, why, source, remedy }) => ({
      rule: id,
      field,
      effect,
      why,
      source,
      remedy: { ...remedy },
    })),
  }
}
