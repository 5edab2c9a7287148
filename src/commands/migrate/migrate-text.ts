// What a migration's dry run says to people.

import { isEmptyPatch, type Patch } from '../../migrate/patch.ts'
import { speakersOf } from '../../migrate/speakers.ts'
import { isAccepted, type Surveyed, shapeWords } from '../../migrate/survey.ts'
import type { Tried } from './trial.ts'

export interface Migration {
  readonly candidate: { readonly api: string; readonly vendor: string | null; readonly model: string | null }
  readonly before: readonly Surveyed[]
  readonly patch: Patch
  /** With the patch in it. */
  readonly after: readonly Surveyed[]
  readonly snippet: string
  /** The change of the file; null where it was not asked for, or nothing had to change. */
  readonly written: string | null
  readonly tried: readonly Tried[] | null
  /** Records that no replay asks, since the log lost a part of them. */
  readonly leftOut: number
}

export function migrationText(migration: Migration): string {
  const { candidate, before, patch, tried, leftOut } = migration
  const to = `${candidate.model ?? 'the captured models'} by ${candidate.api}${candidate.vendor === null ? '' : ` at ${candidate.vendor}`}`
  const incomplete = leftOut === 0 ? '' : ` (${leftOut} more are incomplete and are not replayed)`
  return [
    `${counted(recordsOf(before), 'record')} in ${counted(before.length, 'shape')}, for ${to}${incomplete}`,
    ...before.map(shapeText),
    ...(isEmptyPatch(patch) ? [] : [patchText(migration)]),
    ...decisionsText(patch),
    ...(tried === null ? [] : [triedText(tried)]),
    [conclusion(migration), ...(tried === null ? [] : [triedConclusion(tried)])].join('\n'),
  ].join('\n\n')
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

function recordsOf(shapes: readonly { readonly records: number }[]): number {
  return shapes.reduce((sum, { records }) => sum + records, 0)
}

/** Taken, as far as is known; taken or not, by a default that nobody told; not taken. */
function markOf(surveyed: Surveyed): string {
  if (!isAccepted(surveyed)) return '✗'
  return surveyed.hits.some(({ effect }) => effect === 'may-reject') ? '?' : '✓'
}

function shapeText(surveyed: Surveyed): string {
  const { shape, records, example, isReplayable, hits } = surveyed
  const head = `${markOf(surveyed)} ${counted(records, 'record')} · ${shapeWords(shape)} · e.g. ${example}`
  if (!isReplayable) {
    const why = `not asked: its API is not the candidate's, and nothing is translated; ${speakersOf(shape.api)}`
    return `${head}\n    ${why}`
  }
  const findings = hits.map(
    ({ effect, field, why, source }) => `    ${effect.padEnd(10)} ${field}: ${why}\n${''.padEnd(15)}${source}`,
  )
  return [head, ...findings].join('\n')
}

function patchText({ snippet, written }: Migration): string {
  if (written !== null) return `The config was changed:\n\n${written.trimEnd()}`
  return `To paste into the config (--write does it):\n\n${snippet.trimEnd()}`
}

function decisionsText({ decisions }: Patch): readonly string[] {
  if (decisions.length === 0) return []
  const lines = decisions.map(
    ({ field, effect, records, what, example }) =>
      `  - ${field} (${effect}, ${counted(records, 'record')}, e.g. ${example}): ${what}`,
  )
  return [['For a person to decide:', ...lines].join('\n')]
}

function triedText(tried: readonly Tried[]): string {
  const lines = tried.map(({ isAccepted: taken, shape, records, said, status, tokens }) => {
    const mark = taken === null ? '?' : taken ? '✓' : '✗'
    const http = status === null ? '' : ` (HTTP ${status})`
    const count = tokens === null ? '' : ` · ${tokens.input} tokens in, ${tokens.output} out`
    return `  ${mark} ${counted(records, 'record')} · ${shape}\n      ${said}${http}${count}`
  })
  return [`Asked the candidate, with these settings:`, ...lines].join('\n')
}

function conclusion({ before, after, patch, written }: Migration): string {
  const all = recordsOf(before)
  const taken = recordsOf(before.filter(isAccepted))
  const now = written === null ? 'As the config stands' : 'As the config stood'
  const first = `${now}, ${taken} of ${counted(all, 'record')} would be taken, as far as is known`
  if (isEmptyPatch(patch)) return `${first}.`
  return `${first}; with these settings ${recordsOf(after.filter(isAccepted))}.`
}

/** The last word is the candidate's own: what the rules expect stands above it. */
function triedConclusion(tried: readonly Tried[]): string {
  const refused = tried.filter(({ isAccepted: taken }) => taken === false)
  const open = tried.filter(({ isAccepted: taken }) => taken === null)
  const of = counted(tried.length, 'shape')
  const unknown =
    open.length === 0
      ? ''
      : `; of ${counted(open.length, 'shape')} it is not known, since the answer was about something else`
  const said =
    refused.length === 0
      ? `it refused none`
      : `it refused ${refused.length}, ${counted(recordsOf(refused), 'record')}: what it said stands above`
  return `The candidate was asked ${of}; ${said}${unknown}.`
}
