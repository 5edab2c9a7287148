// The error rate of a GO, spread over nights: it takes more to pass, and as much as ever to fail.

import { expect, it } from 'vitest'
import { decide } from '../../src/gate/decide.ts'
import { evidence, policy, rule, soundRun } from './evidence.ts'

const decisionAt = (estimate: number, nights?: number) => {
  const by = policy([rule()], nights === undefined ? {} : { nights })
  return decide([evidence({ estimate, se: 0.05 })], by, soundRun)
}

it('a candidate that passes alone does not pass as one of seven nights, and its interval says so', () => {
  // (ln 1.2 − ln 1.09) / 0.05 = 1.92 standard errors: more than 1.64, less than 2.45.
  expect(decisionAt(1.09).decision).toBe('GO')
  const spread = decisionAt(1.09, 7)
  expect(spread.decision).toBe('INCONCLUSIVE')
  expect(spread.findings[0]?.effect?.interval.level).toBeCloseTo(1 - 0.1 / 7, 10)
})

it('one that is far from the margin passes all the same', () => {
  expect(decisionAt(1.05, 7).decision).toBe('GO')
})

it('one that fails alone fails as one of seven nights', () => {
  expect(decisionAt(1.32).decision).toBe('NO-GO')
  expect(decisionAt(1.32, 7).decision).toBe('NO-GO')
})
