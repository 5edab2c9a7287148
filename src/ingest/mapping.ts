// A log format made from a map: where each thing stands in lines that no format knows.

import type { Json, RecordedError, Timing, Usage } from '../core/types.ts'
import { isObject, textAt } from '../providers/shape.ts'
import { Unclear } from './chatml/unclear.ts'
import { type CapturedExchange, captured, type LogEntry, type LogFormat, lost } from './log-format.ts'
import { answerIn } from './mapping/answer.ts'
import { askedIn } from './mapping/asked.ts'
import { type Coverage, createCensus } from './mapping/census.ts'
import { type Found, foundIn, numberOf, wordOf } from './mapping/found.ts'
import type { LogMap, MapKey } from './mapping/map.ts'
import { type Path, pathOf } from './mapping/path.ts'
import { countedUsage } from './parts/counted.ts'
import { feedbackOf } from './parts/fields.ts'
import { isTooDeep } from './redact.ts'

/** A log format made from a map, which counts what the map leaves out. */
export interface Mapping extends LogFormat {
  /** What its lines held beside what the map reads, so far. */
  readonly coverage: () => Coverage
}

/** How a mapping explains itself beside the formats of the roster. */
export const mappingWords = {
  name: 'mapping',
  title: 'Any JSON or table, by a map of your own',
  tells:
    'what its map names: bodies, messages or a prompt, times, tokens, user, conversation, segments, error, feedback',
  lacks: 'what its map does not name; each ingest says what that was',
} as const

/**
 * Makes a log format of a map. Its paths are `field.items[0].text`, or JSONPath (RFC 9535) from `$` on; one that is neither is a
 * SyntaxError at the first line that is read, which a config never comes to.
 */
export function createMapping(map: LogMap): Mapping {
  const paths = pathsIn(map)
  const segments = Object.entries(map.segments ?? {}).map(([name, text]) => [name, pathOf(text)] as const)
  const census = createCensus(
    new Map([...paths, ...segments.map(([name, path]) => [`segments.${name}`, path] as const)]),
  )
  const isThere = (line: Json) => !isTooDeep(line) && [...paths.values()].some((path) => path.find(line).length > 0)

  const read = (line: Json): readonly LogEntry[] => {
    if (isTooDeep(line)) return [{ kind: 'rejected', reason: 'its JSON nests too deeply' }]
    census.add(line)
    if (!isThere(line)) return [{ kind: 'rejected', reason: 'it has nothing at any path of the map' }]
    const found = foundIn(line, paths)
    const known = { ...besidesOf(found, map), segments: segmentsOf(line, segments) }
    for (const key of unreadIn(found)) census.addUnreadable(key)
    const asked = askedIn(found, map)
    if (asked instanceof Unclear) return [lost(asked.reason, { ...known, api: map.api ?? null })]
    const response = known.error === null ? answerIn(found, asked) : null
    if (response === null && known.error === null && saysSomething(found.value('text'))) census.addUnreadable('text')
    return [{ kind: 'whole', exchange: captured({ ...known, ...asked, response }) }]
  }
  return { ...mappingWords, nests: false, specimens: [], recognises: isThere, read, coverage: census.coverage }
}

function pathsIn(map: LogMap): ReadonlyMap<string, Path> {
  const { api: _api, cachedIsIncluded: _isIncluded, segments: _segments, ...texts } = map
  const flat = Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object'
      ? Object.entries(value).map(([name, text]) => [`${key}.${name}`, text] as const)
      : [[key, value] as const],
  )
  const entries = flat.flatMap(([key, text]) => (text === undefined ? [] : [[key, pathOf(text)] as const]))
  return new Map(entries)
}

type Besides = Omit<CapturedExchange, 'api' | 'body' | 'response' | 'reply' | 'segments' | 'damage'>

function besidesOf(found: Found, map: LogMap): Besides {
  const error = errorOf(found)
  return {
    error,
    timing: timingOf(found),
    usage: usageOf(found, map.cachedIsIncluded ?? true),
    capturedAt: found.instant('capturedAt') ?? found.instant('startedAt'),
    feedback: feedbackOf(scoreOf(found.json('feedback'))),
    conversation: found.text('conversation'),
    user: found.text('user'),
    callId: found.text('callId'),
    traceId: found.text('traceId'),
  }
}

const instants = ['capturedAt', 'startedAt', 'endedAt', 'firstTokenAt'] as const
const durations = ['latencyMs', 'latencySeconds', 'firstTokenMs', 'firstTokenSeconds'] as const
const counts = ['inputTokens', 'outputTokens', 'cachedInputTokens', 'reasoningTokens', 'cacheWriteTokens'] as const

/** What is there, and cannot be what it should be: a map may be right about the place and wrong about what stands there. */
function unreadIn(found: Found): readonly MapKey[] {
  const isThere = (key: MapKey) => (found.value(key) ?? '') !== ''
  return [
    ...instants.filter((key) => isThere(key) && found.instant(key) === null),
    ...durations.filter((key) => isThere(key) && found.number(key) === null),
    ...counts.filter((key) => isThere(key) && found.count(key) === null),
  ]
}

function segmentsOf(line: Json, segments: readonly (readonly [string, Path])[]): Readonly<Record<string, string>> {
  const pairs = segments.map(([name, path]) => [name, wordOf(path.find(line)[0])] as const)
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== null))
}

function timingOf(found: Found): Timing | null {
  const since = (key: MapKey): number | null => {
    const [start, end] = [found.instant('startedAt'), found.instant(key)]
    const ms = start === null || end === null ? null : Date.parse(end) - Date.parse(start)
    return ms === null || ms < 0 ? null : ms
  }
  const fromSeconds = (key: MapKey) => {
    const seconds = found.number(key)
    return seconds === null ? null : seconds * 1000
  }
  const totalMs = found.number('latencyMs') ?? fromSeconds('latencySeconds') ?? since('endedAt')
  const firstTokenMs = found.number('firstTokenMs') ?? fromSeconds('firstTokenSeconds') ?? since('firstTokenAt')
  return totalMs === null && firstTokenMs === null ? null : { headersMs: null, firstTokenMs, totalMs }
}

function usageOf(found: Found, cachedIsIncluded: boolean): Usage | null {
  const input = found.count('inputTokens')
  const [cachedInput, cacheWrite] = [found.count('cachedInputTokens'), found.count('cacheWriteTokens')]
  const ofCache = cachedIsIncluded ? 0 : (cachedInput ?? 0) + (cacheWrite ?? 0)
  return countedUsage({
    input: input === null ? null : input + ofCache,
    output: found.count('outputTokens'),
    cachedInput,
    reasoning: found.count('reasoningTokens'),
    cacheWrite,
  })
}

/** Words for a call that failed, where a log has no HTTP status. */
const failed = /^(?:error|fail|failed|failure|exception|timeout|cancelled|canceled)$/i

/** What production failed with: a status of 400 or more, a word for it, or an error that says something. */
function errorOf(found: Found): RecordedError | null {
  const status = found.text('status')
  const number = numberOf(status)
  const http = number !== null && number >= 100 && number < 600 ? number : null
  const error = found.json('error')
  const word = status !== null && failed.test(status) ? status : null
  const isError = (http !== null && http >= 400) || word !== null || saysSomething(error)
  if (!isError) return null
  const code = isObject(error) ? (textAt(error, 'code') ?? textAt(error, 'type')) : word
  const message = isObject(error)
    ? (textAt(error, 'message') ?? JSON.stringify(error))
    : error === true
      ? null
      : wordOf(error)
  return { status: http, code, message: message ?? '' }
}

function saysSomething(error: Json | undefined): boolean {
  if (isObject(error)) return Object.keys(error).length > 0
  const word = wordOf(error)
  return word !== null && !['false', '0', 'null', 'none'].includes(word.trim().toLowerCase())
}

/** Tables have numbers and truth as text. */
function scoreOf(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value
  const word = value.trim().toLowerCase()
  if (word === 'true' || word === 'false') return word === 'true'
  return word !== '' && Number.isFinite(Number(word)) ? Number(word) : value
}
