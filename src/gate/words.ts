// Findings in the user's words. The definitions of these words stand in the README.

import type { Effect, Rule, Segment } from '../core/judgement.ts'
import { titleOfMetric } from '../core/metric-title.ts'
import { inSegment } from '../core/segment-words.ts'
import type { AbsenceReason } from '../core/types.ts'

/** "latency-p95", or "latency-p95 in task=leetcode". */
export function subjectOf(metric: string, segment: Segment | null): string {
  return inSegment(metric, segment)
}

/** As `subjectOf`, for people: "Latency p95", or "Latency p95 in task=leetcode". */
export function spoken(metric: string, segment: Segment | null): string {
  return inSegment(titleOfMetric(metric), segment)
}

/** A title that does not open its sentence: "latency p95", and "JSON" as it is. */
export function inSentence(title: string): string {
  return /^\p{Lu}\p{Lu}/u.test(title) ? title : `${title.charAt(0).toLowerCase()}${title.slice(1)}`
}

/** A change as people say it: "+23.1 %" of a ratio, "−1.4 pp" of a share. */
export function change(effect: Pick<Effect, 'scale' | 'unit'>, amount: number): string {
  if (!Number.isFinite(amount)) return Number.isNaN(amount) ? 'unknown' : 'unbounded'
  if (effect.scale === 'ratio') return amount >= 3 ? `× ${amount.toFixed(1)}` : `${signed((amount - 1) * 100, 1)} %`
  return `${signed(amount * 100, 2)} pp`
}

/** "between −2.0 % and +8.1 % (90 % interval)". */
export function range(effect: Effect): string {
  const { low, high, level } = effect.interval
  const bound = (amount: number, side: string) => (Number.isFinite(amount) ? change(effect, amount) : side)
  // A ratio of 0 is as far down as a ratio goes.
  const bottom = effect.scale === 'ratio' && low === 0 ? -Infinity : low
  return `between ${bound(bottom, 'no lower limit')} and ${bound(high, 'no upper limit')} (${levelWords(level)} interval)`
}

/** "90 %", and "99.93 %" of a look: never rounded up to certainty. */
function levelWords(level: number): string {
  const places = [0, 1, 2, 3, 4].find(
    (digits) => Number((level * 100).toFixed(digits)) < 100 && (digits > 0 || level <= 0.99),
  )
  return `${Number((level * 100).toFixed(places ?? 4))} %`
}

/** "20 %" or "1 pp": how much worse the rule lets the candidate be. */
export function marginWords(rule: Rule, effect: Pick<Effect, 'scale'>): string {
  return `${trim(rule.margin * 100)} ${effect.scale === 'ratio' ? '%' : 'pp'}`
}

export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
}

function signed(amount: number, digits: number): string {
  const text = Math.abs(amount).toFixed(digits)
  return `${amount < 0 && Number(text) !== 0 ? '−' : '+'}${text}`
}

function trim(amount: number): string {
  return String(Number(amount.toFixed(3)))
}

/** "; 995 pairs that Ann accepted count as unchanged", as the end of a sentence; empty where there are none. */
export function acceptedWords({ accepted }: Pick<Effect, 'accepted'>): string {
  if (accepted === undefined) return ''
  const { pairs, by } = accepted
  return `; ${count(pairs, 'pair')} that ${by.join(', ')} accepted ${pairs === 1 ? 'counts' : 'count'} as unchanged`
}

/** Why there is no measure, and of how many pairs. */
export function absences(absent: Readonly<Record<string, number>>, noun = 'pair'): string {
  const words = Object.entries(absent).map(
    ([why, pairs]) => `${absenceWords[why as Lack] ?? why} (${count(pairs, noun)})`,
  )
  return words.length === 0 ? 'no pair was completed' : words.join(', ')
}

/** What keeps an effect from being estimated, beside what kept its pairs from being measured. */
type Lack = AbsenceReason | 'not-recorded' | 'no-noise-floor' | 'zero-production' | 'single-pair'

const absenceWords: Readonly<Record<Lack, string>> = {
  'no-reply': 'one arm gave no answer',
  'not-reported': 'the API does not report it',
  'not-streamed': 'the answers were not streamed',
  'not-measured': 'the requests were sent as batches, which have no latencies',
  'not-asked': 'the requests are of another kind',
  'too-short': 'the answers are too short to tell',
  'too-long': 'the answers are too long to be read as JSON',
  'not-judged': 'the judge was not asked',
  'judge-failed': 'the judge gave no answer that says anything',
  'not-recorded': 'the log has no answer',
  redacted: 'personal data was replaced in the request, and was not when the log was written',
  'not-kept': 'the log kept no text of the answer',
  'check-failed': 'the check itself failed, or took too long',
  'no-price': 'the config gives no pricePerMillion',
  'no-noise-floor': 'production was not asked twice (replay.noise)',
  'one-arm-only': 'only one arm reports it',
  'zero-production': "production's figure is zero",
  'single-pair': 'a single pair tells nothing',
  excluded: 'the pair was excluded',
}
