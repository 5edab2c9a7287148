// Whether a night is worth telling, and the sentences that tell it.

import { decisionWord } from '../core/decision-word.ts'
import { minute } from '../core/instant-words.ts'
import type { Night } from '../core/night.ts'
import type { Instant } from '../core/types.ts'
import type { Past } from './past.ts'

/** `change`: another decision than the night before, the first of all, an alarm, a night that failed, and the end of a bad spell. */
export const occasions = ['change', 'always', 'never'] as const
export type Occasion = (typeof occasions)[number]

/** A night as others are told of it. */
export interface News {
  readonly night: Night
  readonly past: Past
  /** Where people read the report; null where it is a file on the machine of the job. */
  readonly reportUrl: string | null
  /** What this receiver should have heard before and did not. */
  readonly missed?: Missed
  /** Set where somebody tries whether messages arrive: nothing was judged, and nobody should act. */
  readonly isTest?: true
}

export interface Missed {
  readonly headline: string
  readonly at: Instant
}

export interface Telling {
  readonly on: Occasion
  /** So many nights in a row without anything new are worth a word; 0: none is. */
  readonly quietNights: number
  /** What goes on is told again after so many nights; 0: never. */
  readonly remindNights: number
}

export function isNews({ night, past }: News, telling: Telling): boolean {
  if (telling.on !== 'change') return telling.on === 'always'
  switch (night.kind) {
    case 'judged':
      return isTurn(night) || hasAlarm(night) || past.failures > 0 || wasLongQuiet(past, telling)
    case 'failed':
      return past.failures === 0 || night.code !== past.lastCode || isReminder(past.failures, telling)
    case 'nothing-new': {
      const beyond = past.quiet + 1 - telling.quietNights
      const isQuietNews = telling.quietNights > 0 && beyond >= 0 && (beyond === 0 || isReminder(beyond, telling))
      return past.failures > 0 || isQuietNews
    }
    default:
      return night satisfies never
  }
}

function isTurn(night: Night & { kind: 'judged' }): boolean {
  return night.before === null || night.decision !== night.before.decision || night.held !== night.before.held
}

/** Where a decision hangs on something else, a candidate can break without turning it. */
function hasAlarm({ alarms = [] }: Night & { kind: 'judged' }): boolean {
  return alarms.length > 0
}

function wasLongQuiet({ quiet }: Past, { quietNights }: Telling): boolean {
  return quietNights > 0 && quiet >= quietNights
}

function isReminder(nightsSince: number, { remindNights }: Telling): boolean {
  return remindNights > 0 && nightsSince % remindNights === 0
}

/** "NO-GO (was GO): gpt-4 → gpt-4-new". */
export function headline({ night, past, isTest }: News): string {
  if (isTest) return `A test, nothing was judged: ${night.swap}`
  const standing = night.before ?? past.standing
  return `${cameTo(night, past)}${standing === null ? '' : ` (${standsAs(night, decisionWord(standing))})`}: ${night.swap}`
}

function standsAs(night: Night, decision: string): string {
  if (night.kind === 'judged') return `was ${decision}`
  return night.kind === 'failed' ? `last decision ${decision}` : `${decision} stands`
}

function cameTo(night: Night, past: Past): string {
  switch (night.kind) {
    case 'judged':
      return `${decisionWord(night)}${hasAlarm(night) && !isTurn(night) ? ', with an alarm' : ''}`
    case 'nothing-new':
      return past.quiet > 0 ? `Nothing new, ${past.quiet + 1} nights in a row` : 'Nothing new to judge'
    case 'failed':
      return past.failures > 0
        ? `No verdict, ${past.failures + 1} nights in a row, ${night.code}`
        : `No verdict, ${night.code}`
    default:
      return night satisfies never
  }
}

/** What a message says: its headline, then its lines, and where to read on. Nothing in it is markup yet. */
export interface Tale {
  readonly headline: string
  readonly lines: readonly string[]
  /** An address, or the path of a file; null where none was written. */
  readonly report: { readonly url: string } | { readonly file: string } | null
  /** "Run 2026…  · 2026-11-26 02:47 UTC". */
  readonly footer: string
}

/** More of them are in the report. */
const mostTurns = 5

/** The decision first, then its reason, then what is new since the night before, then what to do. */
export function taleOf(news: News): Tale {
  const { night, past, reportUrl, missed } = news
  const turns = night.kind === 'judged' ? (night.turns ?? []) : []
  const more = turns.length > mostTurns ? [`${turns.length - mostTurns} more rules came out otherwise.`] : []
  const since = [
    sinceWords(night, past),
    missed ? `This could not be told on ${minute(missed.at)}: ${missed.headline}.` : '',
  ]
  const alarms = night.kind === 'judged' ? (night.alarms ?? []) : []
  const lines = [night.because, ...alarms, ...turns.slice(0, mostTurns), ...more, ...since, nextWords(night, past)]
  const [file] = night.kind === 'judged' ? night.reports : []
  const run = night.runId === null ? [] : [`Run ${night.runId}`]
  return {
    headline: headline(news),
    lines: lines.filter((line) => line !== ''),
    report: reportUrl === null ? (file === undefined ? null : { file }) : { url: reportUrl },
    footer: [...run, minute(night.finishedAt)].join(' · '),
  }
}

function sinceWords(night: Night, past: Past): string {
  if (night.kind !== 'failed' && past.failures > 0) {
    const verb = night.kind === 'judged' ? 'Judged' : 'The job ran'
    return `${verb} again after ${failuresWords(past)}.`
  }
  if (night.kind === 'judged' && past.quiet > 1)
    return `New records came again, after ${nightsWords(past.quiet)} without any.`
  if (night.kind === 'failed' && past.lastSuccessAt !== null)
    return `The last night that went through ended on ${minute(past.lastSuccessAt)}.`
  return ''
}

function nextWords(night: Night, past: Past): string {
  if (night.kind === 'nothing-new' && past.quiet > 0)
    return 'Check that production still writes its logs where `logs` of the config looks for them.'
  return night.next
}

function failuresWords({ failures, lastCode }: Past): string {
  if (failures === 1) return `a night that failed with ${lastCode}`
  return `${nightsWords(failures)} that failed, the last with ${lastCode}`
}

function nightsWords(nights: number): string {
  return nights === 1 ? '1 night' : `${nights} nights`
}
