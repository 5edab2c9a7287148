// The verdict as the terminal shows it.

import { styleText } from 'node:util'
import type { Decision, Finding, FindingOutcome, Verdict } from '../core/judgement.ts'
import { closingLine } from '../report/closing-line.ts'

const colours: Readonly<Record<Decision, 'green' | 'red' | 'yellow' | 'magenta'>> = {
  GO: 'green',
  'NO-GO': 'red',
  INCONCLUSIVE: 'yellow',
  INVALID: 'magenta',
}

/** Symbol and colour of an outcome; the word stands beside it, so neither is needed. */
const marks: Readonly<Record<FindingOutcome, { symbol: string; colour: 'green' | 'red' | 'yellow' | 'gray' }>> = {
  pass: { symbol: '✓', colour: 'green' },
  fail: { symbol: '✗', colour: 'red' },
  inconclusive: { symbol: '≈', colour: 'yellow' },
  'not-evaluable': { symbol: '–', colour: 'gray' },
}

/** Several lines; colours only where standard output shows them. */
export function verdictText(verdict: Verdict): string {
  const rules = verdict.findings.filter((finding) => finding.rule.segment === null)
  const inSegments = verdict.findings.filter((finding) => finding.rule.segment !== null && finding.outcome === 'fail')
  return [
    '',
    `${styleText(['bold', colours[verdict.decision]], verdict.decision)}  ${verdict.because}`,
    `${' '.repeat(verdict.decision.length)}  ${verdict.next}`,
    '',
    ...rules.map(findingLine),
    ...(inSegments.length > 0 ? ['', 'Broken in segments'] : []),
    ...inSegments.map(findingLine),
    ...(verdict.flags.length > 0 ? ['', styleText('yellow', 'To investigate')] : []),
    ...verdict.flags.map((flag) => `  ${flag}`),
    '',
    closingLine(verdict.findings),
  ].join('\n')
}

function findingLine({ rule, outcome, because }: Finding): string {
  const { symbol, colour } = marks[outcome]
  return `  ${styleText(colour, symbol)} ${outcome.padEnd(13)} ${rule.severity.padEnd(11)} ${because}`
}
