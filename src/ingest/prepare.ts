// A line's entries → what can be said of each by itself, whatever else is in the log. Any thread may do it: plain data out.

import { packed } from '../core/record.ts'
import type { Feedback, Json, Opinion, PackedRecord, RejectedLine } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import type { Line } from './containers/lines.ts'
import { excerptOf } from './excerpt.ts'
import type { CapturedReply, LogEntry, Place } from './log-format.ts'
import { type PersonalDataOptions } from './personal/personal-data.ts'
import { cleanedFeedback, type Recorded, recordOf } from './record.ts'
import { isTooDeep, redactions, type Taken } from './redact.ts'

/** What a line holds, redacted and named; ids are without ordinals, which only the whole file tells. */
export type Prepared = (
  | { readonly kind: 'record'; readonly record: PackedRecord; readonly taken: Taken }
  | { readonly kind: 'request'; readonly key: string; readonly recorded: Recorded }
  /** `orphan` is what becomes of it where no request comes. */
  | { readonly kind: 'reply'; readonly key: string; readonly part: CapturedReply; readonly orphan: RejectedLine }
  | {
      readonly kind: 'row'
      readonly key: string
      readonly order: number
      readonly row: Json
      readonly start: LineStart
    }
  | { readonly kind: 'opinion'; readonly opinion: Opinion; readonly taken: Taken }
  | { readonly kind: 'left-out'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly rejection: RejectedLine }
) & { readonly place?: Place }

/** Where a line stands, and so much of it as an excerpt needs. */
export interface LineStart {
  readonly line: number
  readonly opening: Uint8Array
  /** Bytes of the line that one of its entries has. */
  readonly share: number
}

export interface PrepareOptions {
  /** Mixed into the hashes of users and conversations. */
  readonly salt: string
  /** What is looked for; null where personal data is kept. */
  readonly personalData: PersonalDataOptions | null
}

export interface Origin {
  readonly file: string
  readonly format: string
}

export type Prepare = (entry: LogEntry, start: LineStart, origin: Origin) => Prepared

export function createPrepare(providers: readonly Provider[], { salt, personalData }: PrepareOptions): Prepare {
  const startRedaction = redactions(personalData)

  const rejection = (reason: string, { line, opening }: LineStart, { file }: Origin): RejectedLine => {
    const redaction = startRedaction()
    // A format may quote the line.
    return { file, line, reason: redaction.text(reason), excerpt: excerptOf(opening, redaction) }
  }
  const opinionOf = (about: string, feedback: Feedback): Prepared => {
    const redaction = startRedaction()
    const opinion = { about: redaction.text(about), feedback: cleanedFeedback(feedback, redaction) }
    return { kind: 'opinion', opinion, taken: redaction.taken() }
  }
  const prepared: Prepare = (entry, start, origin) => {
    if (entry.kind === 'left-out') return { kind: 'left-out', reason: startRedaction().text(entry.reason) }
    if (entry.kind === 'rejected') return { kind: 'rejected', rejection: rejection(entry.reason, start, origin) }
    if (entry.kind === 'opinion') return opinionOf(entry.about, entry.feedback)
    if (entry.kind === 'row') {
      // No such value can be passed between threads.
      if (isTooDeep(entry.row))
        return { kind: 'rejected', rejection: rejection('its JSON nests too deeply', start, origin) }
      // A copy: the line shares its memory with a whole chunk of the file.
      return {
        kind: 'row',
        key: entry.key,
        order: entry.order,
        row: entry.row,
        start: { ...start, opening: start.opening.slice() },
      }
    }
    if (entry.kind === 'half' && entry.side === 'reply') {
      const orphan = rejection('an answer whose request is in none of the files', start, origin)
      // What nests too deeply is no answer of any API, and can't be passed between threads.
      const part = isTooDeep(entry.part.response) ? { ...entry.part, response: null } : entry.part
      return { kind: 'reply', key: entry.key, part, orphan }
    }
    const source = { ...origin, line: start.line }
    const exchange = entry.kind === 'half' ? entry.part : entry.exchange
    const recorded = recordOf(exchange, { source, salt, providers, startRedaction })
    if ('rejected' in recorded) return { kind: 'rejected', rejection: rejection(recorded.rejected, start, origin) }
    if (entry.kind === 'half') return { kind: 'request', key: entry.key, recorded }
    return { kind: 'record', record: packed(recorded.record), taken: recorded.taken }
  }
  return (entry, start, origin) => {
    const made = prepared(entry, start, origin)
    return entry.place === undefined ? made : { ...made, place: entry.place }
  }
}

const openingBytes = 2048

export function startOf(line: Line, entries: number): LineStart {
  if (line.kind === 'row') {
    const opening = Buffer.from(JSON.stringify(line.json).slice(0, openingBytes))
    return { line: line.line, opening, share: line.size / entries }
  }
  if (line.kind === 'line') {
    return { line: line.line, opening: line.bytes.subarray(0, openingBytes), share: line.bytes.length / entries }
  }
  return { line: line.line, opening: line.opening, share: line.opening.length / entries }
}
