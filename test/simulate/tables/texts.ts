// Answers that change, judged against how much production's own do, by the energy of both arms asked twice.

import type { MeasureColumn } from '../../../src/core/types.ts'
import type { Chance } from '../chance.ts'
import { blockingRule, columnOf, errorsOf, evidenceFor, outcomeOf, recordsOf } from '../measured.ts'
import { type Case, errorFigure, type Figure, shareFigure } from '../study.ts'

const pairs = 1000
const margin = 0.05

/**
 * Shares of 6 answer classes. The design gives what follows from them: production differs from itself in .565 of the requests,
 * and where a share of the requests has them reversed, the energy is .33 of that share (8 % give .026).
 */
const usual: readonly number[] = [0.64, 0.09, 0.07, 0.054, 0.08, 0.066]

function sharpened(power: number): readonly number[] {
  const raised = usual.map((share) => share ** power)
  const sum = raised.reduce((total, each) => total + each, 0)
  return raised.map((each) => each / sum)
}

/** Half the squared distance: the energy of two answer distributions where answers are the same or not. */
function energy(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, share, place) => sum + (share - (right[place] ?? 0)) ** 2, 0) / 2
}

/** The power at which sharpening alone stands exactly at the margin. */
function powerAtMargin(): number {
  let [low, high] = [1, 10]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (energy(usual, sharpened(middle)) < margin) low = middle
    else high = middle
  }
  return low
}

const sharp = sharpened(powerAtMargin())

interface Row {
  readonly name: string
  readonly answers: readonly number[]
  /** Share of the requests whose answers the candidate has reversed. */
  readonly changed: number
  readonly figures: readonly Figure[]
}

const shares = (passes: number, fails: number): readonly Figure[] => [
  shareFigure('passes', passes),
  shareFigure('fails', fails),
]

const rows: readonly Row[] = [
  { name: 'identical', answers: usual, changed: 0, figures: shares(1, 0) },
  { name: '8 % of requests changed', answers: usual, changed: 0.08, figures: shares(0.69, 0) },
  {
    name: 'only sharper, at the margin',
    answers: sharp,
    changed: 0,
    figures: [errorFigure('passes', 0.06), errorFigure('fails', 0.05)],
  },
  { name: 'sharper, 12 % changed', answers: sharp, changed: 0.12, figures: shares(0, 1) },
]

export const textCases: readonly Case[] = rows.map(({ name, answers, changed, figures }) => ({
  table: 'texts',
  name,
  n: pairs,
  runs: 1,
  isInferred: true,
  isStricter: null,
  figures,
  prepare: () => {
    const records = recordsOf(pairs)
    const rule = blockingRule('text-similarity', margin)
    return (chance) => {
      const evidence = evidenceFor(drawTexts(chance, answers, changed), records)
      return errorsOf(outcomeOf(evidence, rule, pairs))
    }
  },
}))

/** All six comparisons of two answers of either arm: 1 where they are the same. */
function drawTexts(chance: Chance, answers: readonly number[], changed: number): readonly MeasureColumn[] {
  const reversed = answers.toReversed()
  const drawn = Array.from({ length: pairs }, () => {
    const own = chance.happens(changed) ? reversed : answers
    return [answerOf(chance, usual), answerOf(chance, usual), answerOf(chance, own), answerOf(chance, own)] as const
  })
  const same = (left: 0 | 1 | 2 | 3, right: 0 | 1 | 2 | 3) => {
    const candidate = Float64Array.from(drawn, (each) => (each[left] === each[right] ? 1 : 0))
    return { production: new Float64Array(pairs), candidate }
  }
  return [
    columnOf('text-similarity', same(0, 2), 'candidate'),
    columnOf('text-similarity', same(0, 1), 'noise'),
    columnOf('text-similarity', same(1, 2), 'cross'),
    columnOf('text-similarity', same(0, 3), 'cross-candidate'),
    columnOf('text-similarity', same(1, 3), 'cross-both'),
    columnOf('text-similarity', same(2, 3), 'candidate-noise'),
  ]
}

function answerOf(chance: Chance, answers: readonly number[]): number {
  let rest = chance.unit()
  for (const [place, share] of answers.entries()) {
    rest -= share
    if (rest < 0) return place
  }
  return answers.length - 1
}
