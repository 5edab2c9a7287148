// Whether JSON satisfies the schema that its request brought. An interpreter: a schema out of a log is never compiled to code.

import { type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema'
import type { Json, JsonObject } from '../core/types.ts'
import { isArray, isObject } from '../providers/shape.ts'

/** Characters of an answer beyond which its schema is not asked. */
const mostLength = 50_000
/** Visits of a value by a part of the schema: recursive alternatives multiply, and a pair has 50 ms. */
const mostVisits = 5_000
/** Schemas kept: a log has a few, each in thousands of requests. */
const mostKept = 64

/** Says whether it is satisfied; true where a question can't be answered at a bounded cost. */
type Check = (json: Json) => boolean
const always: Check = () => true

const byText = new Map<string, Check>()
const byObject = new WeakMap<JsonObject, Check>()

/** Whether the JSON of a text satisfies a schema. One that can't be read asks for nothing. */
export function satisfies(json: Json, text: string, schema: JsonObject): boolean {
  return text.length > mostLength || checkOf(schema)(json)
}

function checkOf(schema: JsonObject): Check {
  const known = byObject.get(schema)
  if (known !== undefined) return known
  const text = textOf(schema)
  const check = text === null ? always : (byText.get(text) ?? createCheck(schema))
  if (byText.size >= mostKept) byText.clear()
  if (text !== null) byText.set(text, check)
  byObject.set(schema, check)
  return check
}

/** null where it is nested too deep to be written. */
function textOf(schema: JsonObject): string | null {
  try {
    return JSON.stringify(schema)
  } catch {
    return null
  }
}

function createCheck(schema: JsonObject): Check {
  const visits = { left: mostVisits }
  try {
    const own = counted(bounded(schema), visits)
    const validator = new Validator(own, draftOf(schema), true)
    return (json) => {
      visits.left = mostVisits
      try {
        return validator.validate(json).valid
      } catch {
        // A reference that leads nowhere, or more visits than there may be.
        return true
      }
    }
  } catch {
    return always
  }
}

function draftOf(schema: JsonObject): SchemaDraft {
  const declared = schema['$schema']
  const name = typeof declared === 'string' ? declared : ''
  if (name.includes('draft-04')) return '4'
  if (name.includes('draft-07') || name.includes('draft-06')) return '7'
  return name.includes('2019-09') ? '2019-09' : '2020-12'
}

/** Keywords whose value is data, not schema. */
const data = new Set(['const', 'enum', 'default', 'examples'])
/** Formats whose check takes time in proportion to the text. */
const quickFormats = new Set(['date', 'time', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'])

/** The schema without what no bound can be given for: comparison of all items with all, and slow regular expressions. */
function bounded(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, Json][] => {
    if (data.has(key)) return [[key, value]]
    if (key === 'uniqueItems' && typeof value === 'boolean') return []
    if (key === 'pattern' && typeof value === 'string') return isQuick(value) ? [[key, value]] : []
    if (key === 'format' && typeof value === 'string') return quickFormats.has(value) ? [[key, value]] : []
    if (key === 'patternProperties' && isObject(value) && !Object.keys(value).every(isQuick))
      throw new RangeError('properties named by a slow regular expression')
    return [[key, boundedIn(value)]]
  })
  return Object.fromEntries(entries)
}

function boundedIn(value: Json): Json {
  if (isArray(value)) return value.map(boundedIn)
  return isObject(value) ? bounded(value) : value
}

/** Anchored at the beginning, with one repetition at most, of no group: it fails in time linear in the text. */
function isQuick(pattern: string): boolean {
  const plain = pattern.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x')
  const repeated = plain.match(/[*+]|\{\d+,\d*\}/g) ?? []
  return plain.startsWith('^') && repeated.length <= 1 && !/\)[*+{?]/.test(plain)
}

/**
 * Subtle: the interpreter reads this field of a schema at each visit of a value and never finds it, since `bounded` made every
 * object anew. A getter there counts, and ends what would take too long.
 */
function counted(schema: JsonObject, visits: { left: number }): Schema {
  const count = () => {
    visits.left -= 1
    if (visits.left < 0) throw new RangeError('too many visits')
  }
  const arm = (value: Json): void => {
    if (isArray(value)) for (const each of value) arm(each)
    if (!isObject(value)) return
    Object.defineProperty(value, '__absolute_recursive_ref__', { get: count, enumerable: false })
    for (const each of Object.values(value)) arm(each)
  }
  arm(schema)
  return schema
}
