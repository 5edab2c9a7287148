// Where a map looks in a line: `payload.items[0].text`, or JSONPath (RFC 9535).

import { exec, type JsonValue, query } from 'jsonpath-rfc9535'
import type { Json } from '../../core/types.ts'
import { fieldOf, isArray, parseJson } from '../../providers/shape.ts'

export interface Path {
  /** As it was written. */
  readonly text: string
  /** What is there, null left out; several where the path may mean several. */
  readonly find: (line: Json) => readonly Json[]
  /** Calls back with the place of each, for those who ask what is not mapped. */
  readonly places: (line: Json, found: (place: string) => void) => void
}

type Step = string | number

const token = /(?:^|\.)([^.[\]'"$@*?()\s][^.[\]'"*?]*)|\[(\d+)\]|\['([^'\\]*)'\]|\["([^"\\]*)"\]/y

/** The steps of a path that means one place; null where it is none, or may mean several. */
function stepsOf(text: string): readonly Step[] | null {
  const plain = text.startsWith('$') ? text.slice(1).replace(/^\.(?!\.)/, '') : text
  const steps: Step[] = []
  token.lastIndex = 0
  while (token.lastIndex < plain.length) {
    const match = token.exec(plain)
    if (match === null) return null
    const [, name, index, single, double] = match
    steps.push(index === undefined ? (name ?? single ?? double ?? '') : Number(index))
  }
  return steps.length === 0 ? null : steps
}

/** Why a text is no path; null where it is one. */
export function pathProblem(text: string): string | null {
  if (stepsOf(text) !== null) return null
  const advice = 'write field.items[0].text, or a JSONPath (RFC 9535) that begins with $'
  if (!text.startsWith('$')) return advice
  try {
    query(null, text)
    return null
  } catch {
    return `no JSONPath: ${advice}`
  }
}

/** A path of one place goes through texts that hold JSON, as cells of tables do; one of several reads the line as it is. */
export function pathOf(text: string): Path {
  const steps = stepsOf(text)
  if (steps === null) {
    return {
      text,
      find: (line) => (query(line as JsonValue, text) as readonly Json[]).filter((each) => each !== null),
      places: (line, found) => exec(line as JsonValue, text, (_, place) => found(placeName(place))),
    }
  }
  const name = placeName(steps)
  return {
    text,
    find: (line) => {
      const value = steps.reduce<Json | undefined>(stepInto, line)
      return value === undefined || value === null ? [] : [value]
    },
    places: (_, found) => found(name),
  }
}

function stepInto(value: Json | undefined, step: Step): Json | undefined {
  const holder = typeof value === 'string' ? parseJson(value) : value
  return typeof step === 'number' && isArray(holder) ? holder[step] : fieldOf(holder, String(step))
}

/** A place among those of all lines: whichever item of a list it is. */
export function placeName(steps: readonly Step[]): string {
  return steps.reduce<string>(placeBelow, '')
}

export function placeBelow(above: string, step: Step): string {
  if (typeof step === 'number') return `${above}[*]`
  if (!/^[\p{L}_@][\p{L}\p{N}_@-]*$/u.test(step)) return `${above}['${step}']`
  return above === '' ? step : `${above}.${step}`
}
