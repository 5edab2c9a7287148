// Streams whose events are JSON objects: what is an error, what keeps the connection alive, and what is to be folded.

import type { Json, JsonObject, Reply } from '../core/types.ts'
import type { StreamReader } from './provider.ts'
import { cleanDetail, messageOf } from './rejection.ts'
import { fieldOf, isArray, isObject, parseJson } from './shape.ts'

/** What one API makes of the objects of its stream. */
export interface ObjectFold {
  /** Takes one object. Says whether it brought content that a user would see. */
  readonly take: (object: JsonObject) => boolean
  /** Whether the end marker came: what follows it is not read. */
  readonly isDone: () => boolean
  /** What came of it, where no error came in between. */
  readonly end: StreamReader['end']
}

/** A reader of such a stream. An error inside a 200 breaks it, and so does what is no object. */
export function createObjectReader(fold: ObjectFold): StreamReader {
  const take = createTaker(fold)
  return {
    push: ({ event, data }) => {
      if (data.trim() === '') return { hasContent: false }
      return { hasContent: take.json(parseJson(data), event === 'error' ? data : null) }
    },
    end: take.end,
  }
}

/** An answer that a log kept as the list of its stream's objects (or of their texts); null where it is none. */
export function replyOfObjects(objects: readonly Json[], fold: ObjectFold): Reply | null {
  const take = createTaker(fold)
  for (const object of objects) take.json(typeof object === 'string' ? parseJson(object) : object, null)
  const end = take.end()
  return 'reply' in end ? end.reply : null
}

function createTaker(fold: ObjectFold) {
  let broken: string | null = null
  /** `error` is the text of an event that is one whatever it holds. */
  const json = (value: Json | undefined, error: string | null): boolean => {
    if (broken !== null || fold.isDone()) return false
    if (error !== null || carriesError(value)) {
      const said = messageOf(value === undefined ? (error ?? '') : value)
      broken = said === null ? 'the stream brought an error' : cleanDetail(said)
      return false
    }
    if (isObject(value)) return fold.take(value)
    broken = `an event of the stream is ${value === undefined ? 'not JSON' : 'no object'}`
    return false
  }
  return { json, end: () => (broken === null ? fold.end() : { broken }) }
}

/** Google wraps an error in an array. */
function carriesError(value: Json | undefined): boolean {
  return (fieldOf(isArray(value) ? value[0] : value, 'error') ?? null) !== null
}

/** A tool's arguments as text: none are an empty object, and what nests without end is no text at all. */
export function argumentsText(value: Json | undefined): string {
  if (typeof value === 'string' && value !== '') return value
  try {
    return JSON.stringify(value === '' ? {} : (value ?? {}))
  } catch {
    return ''
  }
}
