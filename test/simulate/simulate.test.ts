// The simulation itself: the same by the same seed, and able to object.

import { describe, expect, it } from 'vitest'
import { tablesText } from './print.ts'
import { objectionTo, runCase } from './run-case.ts'
import { errorFigure, shareFigure, tableNames } from './study.ts'
import { cases } from './tables/index.ts'

const open = { isInferred: false, isStricter: null }
const found = (value: number) => ({ value, error: 0.003, runs: 4000 })

describe('the cases', () => {
  it('are of every table of the design, each once', () => {
    expect(new Set(cases.map(({ table }) => table))).toEqual(new Set(tableNames))
    const names = cases.map(({ table, name, n }) => `${table} ${name} ${n}`)
    expect(names).toEqual([...new Set(names)])
  })
  it.each(tableNames)('of %s run, and are the same by the same seed', (table) => {
    const one = cases.find((each) => each.table === table)
    if (!one) throw new Error(`no case of ${table}`)
    const how = { runs: 20, seed: 3 }
    const outcome = runCase(one, how)
    expect(runCase(one, how)).toEqual(outcome)
    expect(outcome.figures.every(({ value }) => Number.isFinite(value))).toBe(true)
    expect(tablesText([{ case: one, outcome }])).toContain(one.name)
  })
  it('come out otherwise by another seed', () => {
    const one = cases.find(({ table, n }) => table === 'shares' && n === 1000)
    if (!one) throw new Error('no such case')
    const [a, b] = [1, 2].map((seed) => runCase(one, { runs: 50, seed }).figures.map(({ value }) => value))
    expect(a).not.toEqual(b)
  })
})

describe('an objection', () => {
  it.each([
    ['to an error above alpha', open, errorFigure('false GO', 0.045), 0.07, /errs more than 5 %/],
    ['to an error above what the design excuses', open, errorFigure('false GO', 0.1), 0.14, /errs more than 10 %/],
    ['to more than the design measured', open, shareFigure('GO', 0.3), 0.4, /more than the design/],
    ['to less than the design measured', open, shareFigure('GO', 0.3), 0.2, /less than the design/],
    [
      'to an error above alpha, whatever is left open',
      { ...open, isInferred: true },
      errorFigure('false GO', null),
      0.07,
      /errs/,
    ],
  ])('is made %s', (_why, one, figure, value, words) => {
    expect(objectionTo(one, figure, found(value))).toMatch(words)
  })
  it.each([
    ['to what the design measured', open, errorFigure('false GO', 0.045), 0.047],
    ['to an error within chance of alpha', open, errorFigure('false GO', 0.05), 0.055],
    [
      'to less, where the gate is stricter on purpose',
      { ...open, isStricter: 'Holm' },
      errorFigure('NO-GO', 0.05),
      0.01,
    ],
    ['to a share whose generator is left open', { ...open, isInferred: true }, shareFigure('GO', 0.3), 0.6],
  ])('is not made %s', (_why, one, figure, value) => {
    expect(objectionTo(one, figure, found(value))).toBeNull()
  })
})
