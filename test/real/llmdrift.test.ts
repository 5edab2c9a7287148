// Three updates that broke something, each judged by the default policy on what the models really answered.
//
// Real: what is judged, which is each arm's first answer: its text, tokens, end and latency as recorded (LLMDrift, arXiv 2307.09009).
// Not real: the second answer that the noise floor of text takes. LLMDrift asked each model each prompt once; the two sensitive
// questions that occur twice are copies, to the nanosecond of their latency. So every verdict is given twice, over two floors:
// - drawn: the second answer comes from the demo's mechanism (datasets/demo/SOURCE.md), as near as can be had to asking again. It
//   gives LeetCode's answers no noise at all.
// - another question's: the second answer is what the same model answered to another prompt of the task, as recorded. Nothing is
//   simulated, and the floor is far too wide: a change that is seen over it is no noise.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, test } from 'vitest'
import { statusOf } from '../../src/core/fault.ts'
import type { Finding, FindingOutcome, Policy, Severity, Verdict } from '../../src/core/judgement.ts'
import { seededBy, shuffled } from '../../src/core/random.ts'
import { type Arm, arms, type MeasureRow } from '../../src/core/types.ts'
import { draw, type ServedAnswer } from '../../src/demo/draw.ts'
import { changeLines, changeSentence } from '../../src/report/index.ts'
import { type Answers, changesOn, defaultPolicy, evaluablePolicy, gathered, measuresOf, verdictOn } from './road.ts'
import { answersOf, recordedOf, type Update, updates } from './updates.ts'

/** The second answer of an arm to the prompt at this place. */
type SecondAnswer = (arm: Arm, place: number) => ServedAnswer

const floors = {
  drawn: (update: Update): SecondAnswer => {
    const prompts = answersOf(update).map(({ prompt }) => prompt)
    return (arm, place) => {
      const answer = draw(update.books[arm], { seed: arm, prompt: prompts[place] ?? '', ask: 0 })
      if (answer === null) throw new Error(`never asked: ${prompts[place]}`)
      return answer
    }
  },
  "another question's": (update: Update): SecondAnswer => {
    const others = (arm: Arm) =>
      shuffled(answersOf(update), seededBy(1, arm)).map((own) => recordedOf(update, arm, own))
    const byArm = { production: others('production'), candidate: others('candidate') }
    return (arm, place) => byArm[arm][place] as ServedAnswer
  },
} as const

function measured(update: Update, second: SecondAnswer): MeasureRow[][] {
  return answersOf(update).map((own, place) => {
    const both = (arm: Arm) => [recordedOf(update, arm, own), second(arm, place)] as const
    const answers: Answers = { production: both('production'), candidate: both('candidate') }
    return measuresOf(answers, update.price)
  })
}

/** The metrics of the rules that came out so. */
function rulesOf({ findings }: Verdict, outcome: FindingOutcome, severity: Severity): string[] {
  return findings
    .filter((finding) => finding.outcome === outcome && finding.rule.severity === severity)
    .map(({ rule }) => rule.metric)
}

function findingOf({ findings }: Verdict, metric: string): Finding {
  const found = findings.find(({ rule }) => rule.metric === metric)
  if (found === undefined) throw new Error(`no rule is about ${metric}`)
  return found
}

/** What was seen, to three digits. */
function seen(verdict: Verdict, metric: string): number {
  return Number(findingOf(verdict, metric).effect?.estimate.toPrecision(3))
}

const judged = (rows: readonly MeasureRow[][], policy: Policy = defaultPolicy) =>
  verdictOn(gathered(rows), rows.length, policy)
const floorNames = ['drawn', "another question's"] as const

describe.each(floorNames)(
  'GPT-4 on prime numbers, whose answers fell from 638 characters to 4 (floor: %s)',
  (floor) => {
    const rows = measured(updates.prime, floors[floor](updates.prime))
    const [verdict, evaluable] = [judged(rows), judged(rows, evaluablePolicy)]

    it('got faster and cheaper: no rule about that is broken', () => {
      expect(rulesOf(verdict, 'pass', 'block')).toEqual(['answered', 'latency-p50', 'latency-p95'])
      expect(rulesOf(verdict, 'fail', 'warn')).toEqual([])
      const names = ['latency-p50', 'latency-p95', 'output-tokens', 'cost']
      expect(names.map((metric) => seen(verdict, metric))).toEqual([0.218, 0.576, 0.0134, 0.0776])
    })

    it('is flagged for its text, its length, and for saying the same to everybody, and for nothing else', () => {
      expect(rulesOf(verdict, 'fail', 'block')).toEqual([])
      expect(rulesOf(verdict, 'fail', 'investigate')).toEqual(['text-similarity', 'answer-length', 'variety'])
      expect([seen(verdict, 'answer-length'), seen(verdict, 'variety')]).toEqual([0.00612, 1])
      expect(seen(verdict, 'text-similarity')).toBeLessThan(-0.6)
      expect(verdict.flags[0]).toMatch(/^text-similarity: worse by more than 5 pp: /)
    })

    it('opens no canary: by the default policy nothing is known of the cache', () => {
      expect([verdict.decision, statusOf(verdict)]).toEqual(['INCONCLUSIVE', 2])
      expect(rulesOf(verdict, 'not-evaluable', 'block')).toEqual(['cache-hit-rate', 'json-valid', 'feedback'])
    })

    it('opens no canary without that rule either: its GO is held until a person has looked', () => {
      expect([evaluable.decision, evaluable.held, statusOf(evaluable)]).toEqual(['GO', true, 2])
      expect(evaluable.next).toBe(
        'Hold the canary until a person has looked into 3 findings: text-similarity, answer-length, variety.',
      )
    })
  },
)

describe.each(floorNames)('GPT-4 on LeetCode, which takes twice the time (floor: %s)', (floor) => {
  const verdict = judged(measured(updates.leetcode, floors[floor](updates.leetcode)))

  it('is NO-GO for its latency, on fifty pairs', () => {
    expect([verdict.decision, statusOf(verdict)]).toEqual(['NO-GO', 1])
    expect(verdict.because).toBe('The candidate is shown to break 1 blocking rule: latency-p50.')
    expect(seen(verdict, 'latency-p50')).toBe(2.27)
    expect(findingOf(verdict, 'latency-p95').because).toMatch(/^latency-p95: 50 pairs can't tell/)
  })

  it('was not cut: all answers of both models came to their own end', () => {
    const { effect, outcome } = findingOf(verdict, 'finished')
    expect([effect?.production, effect?.candidate, outcome]).toEqual([1, 1, 'inconclusive'])
  })

  // The fences around 44 answers of June take a third of the words in common, but how far March's answers differ by themselves
  // is not recorded: over no noise at all that is a change, and over that of other questions it is none.
  it('is flagged for its text only where March is taken to answer in the same words whenever it is asked', () => {
    const flagged = floor === 'drawn' ? ['text-similarity'] : []
    expect(rulesOf(verdict, 'fail', 'investigate')).toEqual(flagged)
  })
})

describe.each(floorNames)('GPT-3.5 on happy numbers, which got slower and longer (floor: %s)', (floor) => {
  const verdict = judged(measured(updates.happyNumbers, floors[floor](updates.happyNumbers)))

  it('is NO-GO for its latency', () => {
    expect([verdict.decision, statusOf(verdict)]).toEqual(['NO-GO', 1])
    expect(verdict.because).toBe('The candidate is shown to break 2 blocking rules: latency-p50, latency-p95.')
    expect([seen(verdict, 'latency-p50'), seen(verdict, 'latency-p95')]).toEqual([3.09, 1.43])
  })

  it('is flagged for being cut at the limit, 81 times where it was 18, for going round in circles, its length and its text', () => {
    expect(rulesOf(verdict, 'fail', 'investigate')).toEqual([
      'text-similarity',
      'finished',
      'repetitive',
      'answer-length',
    ])
    expect(seen(verdict, 'finished')).toBe((18 - 81) / 500)
    expect(verdict.flags).toHaveLength(4)
  })

  it('is warned of for its tokens and its cost', () => {
    expect(rulesOf(verdict, 'fail', 'warn')).toEqual(['output-tokens', 'cost'])
    expect([seen(verdict, 'output-tokens'), seen(verdict, 'cost')]).toEqual([1.89, 1.84])
  })
})

/** What the first screen of a report says, worst first. */
function told(update: Update, floor: keyof typeof floors): string[] {
  const rows = measured(update, floors[floor](update))
  return changeLines(changesOn(gathered(rows), rows.length)).map((line) =>
    changeSentence(line).replaceAll('\u00a0', ' '),
  )
}

describe.each(floorNames)('what changed is named first (floor: %s)', (floor) => {
  it.each([
    [
      'GPT-4 on prime numbers: collapsed',
      updates.prime,
      /^answers collapsed: 518 → 4 characters in \d+ of 1,000 pairs/,
    ],
    [
      'GPT-4 on LeetCode: fenced code, and slow',
      updates.leetcode,
      /^newly wrapped in code fences, 2\.3× the latency in 44/,
    ],
    [
      'GPT-3.5 on happy numbers: truncated and slow',
      updates.happyNumbers,
      /^cut at the limit: 1,344 → 3,224 characters, 4\.1× the latency in 54 of 500/,
    ],
    [
      'GPT-4 on sensitive questions: newly refused',
      updates.sensitive,
      /^newly refused: 1,371 → 36 characters in 1\d of/,
    ],
  ])('%s', (_, update, first) => expect(told(update, floor)[0]).toMatch(first))
})

const specimens = fileURLToPath(new URL('specimens', import.meta.url))
const source = fileURLToPath(new URL('../../../shared/data/llmdrift', import.meta.url))

test.skipIf(!existsSync(source))('the excerpt is what its builder makes (skipped without llmdrift)', () => {
  const out = mkdtempSync(join(tmpdir(), 'shadowgate-excerpt-'))
  const unpacked = (folder: string, arm: Arm) => gunzipSync(readFileSync(join(folder, `answers.${arm}.jsonl.gz`)))
  try {
    execFileSync(process.execPath, [join(specimens, 'build.ts'), source, out])
    for (const arm of arms)
      expect(unpacked(out, arm).equals(unpacked(join(specimens, 'happy-numbers'), arm))).toBe(true)
  } finally {
    rmSync(out, { recursive: true })
  }
})
