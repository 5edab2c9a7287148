// What would mend a migration: settings of the candidate where a constant does, and decisions where only a person can.

import type { Json, JsonObject } from '../core/types.ts'
import type { Rule } from './rule.ts'
import type { Surveyed } from './survey.ts'

export interface Patch {
  readonly rename: readonly RenameLine[]
  readonly overrides: readonly OverrideLine[]
  /** What no setting mends. */
  readonly decisions: readonly Decision[]
}

interface Line {
  readonly field: string
  /** A sentence without a full stop. */
  readonly why: string
  readonly source: string
  /** Records that it mends. */
  readonly records: number
}
export interface RenameLine extends Line {
  readonly to: string
}
export interface OverrideLine extends Line {
  readonly value: Json
}

export interface Decision extends Line {
  readonly effect: Rule['effect']
  readonly what: string
  readonly example: string
}

interface Found {
  readonly rule: Rule
  readonly shapes: readonly Surveyed[]
}

/** Of what the candidate's own overrides set, a new name takes the value with it. */
export function patchOf(surveyed: readonly Surveyed[], { overrides: set }: { readonly overrides: JsonObject }): Patch {
  const found = Map.groupBy(
    surveyed.flatMap((shape) => shape.hits.map((rule) => ({ rule, shape }))),
    ({ rule }) => rule,
  )
  const all = [...found].map(([rule, hits]) => ({ rule, shapes: hits.map(({ shape }) => shape) }))
  const patch = { rename: new Map<string, RenameLine>(), overrides: new Map<string, OverrideLine>() }
  const decisions: Decision[] = []
  for (const each of all) {
    const { remedy, field } = each.rule
    if (remedy.kind === 'rename') {
      const value = Object.hasOwn(set, field) ? set[field] : undefined
      if (value === undefined || value === null) patch.rename.set(field, { ...lineOf(each), to: remedy.to })
      else {
        patch.overrides.set(field, { ...lineOf(each), value: null })
        patch.overrides.set(remedy.to, { ...lineOf(each), field: remedy.to, value })
      }
    }
    if (remedy.kind === 'person') decisions.push(decisionOf(each, remedy.what))
    if (remedy.kind !== 'remove') continue
    const spared = remedy.isHarmless ? 0 : recordsOf(surveyed.filter((shape) => isSpared(shape, each)))
    if (spared === 0) patch.overrides.set(field, { ...lineOf(each), value: null })
    else
      decisions.push(
        decisionOf(each, `${field}: null would mend it, and take it from ${spared} records that are taken with it`),
      )
  }
  return { rename: [...patch.rename.values()], overrides: [...patch.overrides.values()], decisions }
}

/** A body that has the field and is taken with it would become another request by a constant for all. */
function isSpared({ isReplayable, fields, hits }: Surveyed, { rule }: Found): boolean {
  return isReplayable && fields.includes(rule.field) && !hits.includes(rule)
}

function recordsOf(shapes: readonly Surveyed[]): number {
  return shapes.reduce((sum, { records }) => sum + records, 0)
}

function lineOf({ rule: { field, why, source }, shapes }: Found): Line {
  return { field, why, source, records: recordsOf(shapes) }
}

function decisionOf(found: Found, what: string): Decision {
  return { ...lineOf(found), effect: found.rule.effect, what, example: found.shapes[0]?.example ?? '' }
}

export function isEmptyPatch({ rename, overrides }: Patch): boolean {
  return rename.length === 0 && overrides.length === 0
}
