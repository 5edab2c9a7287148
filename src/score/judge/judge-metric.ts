// Whose answer a judge prefers: both orders must agree on a winner, or it is a tie. What it did not say counts for nobody.

import type { JudgedPair, Preference } from '../../core/judged.ts'
import type { JudgePolicy } from '../../core/judgement.ts'
import type { AbsenceReason, AnsweredCall, Arm } from '../../core/types.ts'
import { absent, type BothMetric, value } from '../metric.ts'
import { replyOf } from '../reply.ts'
import { isSameAnswer } from './same-answer.ts'

/** One arm's number is 1 where its answer is preferred: the difference of both is what the candidate wins more often. */
export function judgeMetric({ fingerprint, share = 1 }: JudgePolicy): BothMetric {
  return {
    on: 'both',
    name: 'judge',
    title: 'Preferred by the judge',
    version: Number.parseInt(fingerprint.slice(0, 7), 16) + (share < 1 ? Math.round(share * 1e6) : 0),
    unit: 'share',
    better: 'higher',
    comparisons: ['candidate'],
    readsRecord: true,
    summaries: [{ name: 'judge', title: 'Preferred by the judge', method: { kind: 'share-difference' }, minPairs: 50 }],
    measure: (left, right, { judged }) => {
      const found = preferredOf(left, right, judged)
      const shareOf = (arm: Arm) => (isAbsent(found) ? absent(found) : value(found === arm ? 1 : 0))
      return { left: shareOf('production'), right: shareOf('candidate') }
    },
  }
}

type Found = Preference | Extract<AbsenceReason, 'no-reply' | 'not-judged' | 'judge-failed'>

function isAbsent(found: Found): found is Exclude<Found, Preference> {
  return found === 'no-reply' || found === 'not-judged' || found === 'judge-failed'
}

function preferredOf(left: AnsweredCall, right: AnsweredCall, judged: JudgedPair | 'not-drawn' | null): Found {
  const [production, candidate] = [replyOf(left), replyOf(right)]
  if (production === null || candidate === null) return 'no-reply'
  if (judged === 'not-drawn') return 'not-judged'
  // Nobody needs to be asked which of two equal answers is the better one.
  if (isSameAnswer(production, candidate)) return 'tie'
  return judged === null ? 'not-judged' : (agreedOn(judged) ?? 'judge-failed')
}

/** A winner that depends on who stands first is none; null where an order has no answer. */
export function agreedOn({ production, candidate }: JudgedPair): Preference | null {
  if (production === null || candidate === null) return null
  return production === candidate ? production : 'tie'
}
