// What the logs gave, how whole it was, what was left out and why, and what was replaced of personal data.

import type { Fidelity } from '../../core/types.ts'
import { count, counted, percent } from '../format.ts'
import type { LeftOut, LogCounts, PrivacyFacts, ReportInput } from '../input.ts'
import { oneLine } from '../text.ts'

export interface Fact {
  readonly name: string
  readonly value: string
}

export interface LeftOutRow {
  readonly reason: string
  /** "8 records", "2 lines". */
  readonly what: string
}

const fidelityWords: Readonly<Record<Fidelity, string>> = {
  full: 'whole',
  truncated: 'cut short',
  redacted: 'with parts taken out',
  'metadata-only': 'without their request',
}

export function logFacts({ counts, run }: ReportInput): readonly Fact[] {
  return [
    { name: 'Log lines', value: linesWords(counts) },
    { name: 'Requests', value: recordWords(counts.log) },
    { name: 'Sample', value: `${counted(run.dataset.records, 'record')}; ${sampleWords(run.sample)}` },
    { name: 'SHA-256 of the sample', value: oneLine(run.dataset.sha256) },
    { name: 'Personal data', value: privacyWords(counts.log.privacy) },
  ]
}

/** So many reasons are told before the others are one row. */
const mostReasons = 8

/** Why records and lines were left out; the most frequent first. */
export function leftOutRows({ incomplete, unreadable }: LogCounts): readonly LeftOutRow[] {
  return [...rows(incomplete, 'request'), ...rows(unreadable, 'line')]
}

function rows(left: readonly LeftOut[], noun: string): readonly LeftOutRow[] {
  const told = left.length <= mostReasons ? left : left.slice(0, mostReasons - 1)
  const others = left.slice(told.length)
  const sum = others.reduce((total, each) => total + each.count, 0)
  return [
    ...told.map(({ reason, count: size }) => ({ reason: oneLine(reason), what: counted(size, noun) })),
    ...(sum === 0 ? [] : [{ reason: counted(others.length, 'other reason'), what: counted(sum, noun) }]),
  ]
}

function linesWords({ rejectedLines }: ReportInput['counts']): string {
  return rejectedLines === 0 ? 'all could be read' : `${count(rejectedLines)} could not be read`
}

/** Whole ones are named even where there is none: only they can be replayed. */
function recordWords({ records }: LogCounts): string {
  const sizes = Object.entries(fidelityWords).map(
    ([fidelity, words]) => [words, records[fidelity as Fidelity]] as const,
  )
  const all = sizes.reduce((sum, [, size]) => sum + size, 0)
  if (all === 0) return 'none'
  if (all === records.full) return `${count(all)}, all whole`
  const told = sizes.filter(([words, size]) => size > 0 || words === fidelityWords.full)
  const share = percent(records.full / all)
  return `${count(all)}, ${share} of them whole: ${told.map(([words, size]) => `${count(size)} ${words}`).join(', ')}`
}

function sampleWords({ duplicate, fidelity, api, size }: ReportInput['run']['sample']): string {
  const left = [
    [duplicate, 'recurring'],
    [fidelity, 'not whole'],
    [api, 'in another API'],
    [size, 'beyond its size'],
  ] as const
  const told = left.filter(([records]) => records > 0).map(([records, why]) => `${count(records)} ${why}`)
  return told.length === 0 ? 'no request was left out' : `left out: ${told.join(', ')}`
}

/** What no reading looks for is said each time, or "none found" would promise more than was done. */
function privacyWords(facts: PrivacyFacts | null): string {
  if (facts === null) return 'not known: the log was read before that was noted'
  if (!facts.isOn) return 'kept as the log has it (privacy.personalData: false)'
  const kinds = Object.entries(facts.replaced)
  const found = kinds.filter(([, size]) => size > 0).map(([kind, size]) => `${oneLine(kind)} (${count(size)})`)
  const sought = kinds.filter(([, size]) => size === 0).map(([kind]) => oneLine(kind))
  const where = facts.records === 0 ? 'in feedback alone' : `in ${counted(facts.records, 'record')}`
  const said = found.length === 0 ? 'none found' : `replaced ${where}: ${found.join(', ')}`
  const also = sought.length === 0 ? [] : [`${found.length === 0 ? '' : 'also '}looked for: ${sought.join(', ')}`]
  const latest = facts.readings > 1 ? [`told of the latest of ${count(facts.readings)} readings`] : []
  const kept = facts.keeping > 0 ? [`${counted(facts.keeping, 'earlier reading')} kept it as the log has it`] : []
  return [said, ...also, 'names and postal addresses are not found', ...latest, ...kept].join('; ')
}
