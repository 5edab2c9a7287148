// The audit in words, down to the one sentence that a release manager reads.

import { exitStatus } from '../../core/fault.ts'
import { clopperPearson } from '../../stats/clopper-pearson.ts'
import type { Audit, Planted, RulePower } from './audit-run.ts'

export interface Conclusion {
  /** Blocks an unchanged model no more often than its level allows, as far as the draws can tell. */
  readonly isSound: boolean
  /** One paragraph. */
  readonly sentence: string
  /** 0: sound, and sees what was planted; 1: blocks an unchanged model too often; 2: misses what was planted. */
  readonly status: number
}

/** A regression that is seen less often than this is missed. */
const powerWanted = 0.8
/** How sure the draws must be before the gate is called unsound. */
const sureness = 0.01

export function conclusionOf(audit: Audit): Conclusion {
  const { self, draws, level, pairs, planted } = audit
  const { lower } = clopperPearson({ k: self.blocked, n: draws, alphaOneSided: sureness })
  const isSound = lower <= 1 - level
  const missed = planted.filter(({ seen }) => seen < powerWanted * draws)
  const caught = planted.filter((each) => !missed.includes(each))
  const sentence = [
    `With ${pairs.toLocaleString('en-US')} pairs this gate blocks a model that has not changed in ${share(self.blocked, draws)} of runs${isSound ? '' : `, more often than the ${percent(1 - level)} it stands for`}.`,
    ...(caught.length > 0 ? [`It catches ${list(caught, draws)}.`] : []),
    ...(missed.length > 0 ? [`It would miss ${list(missed, draws)}: for those it takes more pairs, or a rule.`] : []),
  ].join(' ')
  const status = isSound ? (missed.length > 0 ? exitStatus.INCONCLUSIVE : exitStatus.GO) : exitStatus['NO-GO']
  return { isSound, sentence, status }
}

function list(planted: readonly Planted[], draws: number): string {
  return planted.map(({ name, seen }) => `${name} (${share(seen, draws)})`).join(', ')
}

export function auditText(audit: Audit, { sentence }: Conclusion): string {
  const { self, draws, level, pairs, seed, sourcePairs, source } = audit
  const { lower, upper } = clopperPearson({ k: self.blocked, n: draws, alphaOneSided: 0.025 })
  const drawnFrom =
    source === 'noise'
      ? `${sourcePairs.toLocaleString('en-US')} pairs of production with itself`
      : `${sourcePairs.toLocaleString('en-US')} pairs of both arms, which is whose drawn at random (production was not asked twice often enough)`
  return [
    `Audit of run ${audit.run}: ${draws} samples of ${pairs.toLocaleString('en-US')} pairs, drawn from ${drawnFrom}; seed ${seed}`,
    '',
    'Production against itself',
    ...[
      [
        'blocked (NO-GO)',
        `${count(self.blocked, draws)}   between ${percent(lower)} and ${percent(upper)}; at most ${percent(1 - level)} is meant`,
      ],
      ['GO, held for a person', count(self.held, draws)],
      ['GO', count(self.go, draws)],
      ['INCONCLUSIVE', count(self.inconclusive, draws)],
    ].map(([name = '', figure = '']) => `  ${name.padEnd(24)}${figure}`),
    '',
    'Planted regressions: the whole gate blocks / a rule on it is shown to be broken',
    ...audit.planted.map(
      ({ name, blocked, seen }) => `  ${pad(name, 44)}${cell(share(blocked, draws))}${cell(share(seen, draws))}`,
    ),
    ...(audit.rules.length > 0 ? ['', ...powerTable(audit.rules)] : []),
    ...(audit.unaudited.length > 0 ? ['', 'Not audited'] : []),
    ...audit.unaudited.map(({ metric, why }) => `  ${pad(metric, 24)}${why}`),
    '',
    sentence,
  ].join('\n')
}

function powerTable(rules: readonly RulePower[]): string[] {
  const [first] = rules
  const heads = first?.points.map(({ margins }) => cell(margins === 0 ? 'equal' : `${margins} ×`)) ?? []
  return [
    'Each rule alone, the candidate truly worse by so many margins: shown to hold / shown to be broken, in %',
    `  ${pad('rule', 20)}${pad('margin', 10)}${heads.join('')}`,
    ...rules.map(({ metric, margin, points }) => {
      const cells = points.map(({ holds, breaks }) => cell(`${whole(holds)}/${whole(breaks)}`))
      return `  ${pad(metric, 20)}${pad(percent(margin), 10)}${cells.join('')}`
    }),
  ]
}

function pad(text: string, width: number): string {
  return text.length < width ? text.padEnd(width) : `${text} `
}

function cell(text: string): string {
  return text.padStart(9)
}

function count(part: number, all: number): string {
  return `${String(part).padStart(5)} of ${all}   ${share(part, all).padStart(7)}`
}

function share(part: number, all: number): string {
  return percent(all === 0 ? 0 : part / all)
}

function percent(value: number): string {
  return `${Number((value * 100).toFixed(1))} %`
}

function whole(value: number): string {
  return String(Math.round(value * 100))
}
