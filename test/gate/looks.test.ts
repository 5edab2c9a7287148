// Looking along the way: what a look may decide, what stays decided, and when nothing is left to wait for.

import { describe, expect, it } from 'vitest'
import type { Evidence, Policy } from '../../src/core/judgement.ts'
import { decide, type Sequence } from '../../src/gate/decide.ts'
import { type Looked, looksOf, notLooked, takeLook } from '../../src/gate/looks.ts'
import { defaultLookPolicy } from '../../src/gate/policy.ts'
import { groupSequential } from '../../src/stats/group-sequential.ts'
import { evidence, policy, rule, type Sketch, soundRun, unmeasured } from './evidence.ts'

const rules = [rule({ metric: 'a' }), rule({ metric: 'b' }), rule({ metric: 'c', severity: 'investigate' })]
const looking = policy(rules, { looks: defaultLookPolicy })
const size = { planned: 4000, endsAt: null }

/** Evidence of the rules, as sketched; a rule without a sketch is open. */
function found(sketches: Readonly<Record<string, Sketch>>): Evidence[] {
  return ['a', 'b', 'c'].map((metric) => evidence({ metric, estimate: 1.2, se: 0.5, ...sketches[metric] }))
}
const open = {}
const holds = { estimate: 1, se: 0.001 }
const breaks = { estimate: 1.5, se: 0.001 }

function take(steps: readonly Readonly<Record<string, Sketch>>[], by: Policy = looking): Looked {
  const looks = looksOf(by, size) ?? []
  return steps.reduce<Looked>((looked, sketches, at) => {
    const look = looks[at]
    if (!look) throw new Error('no such look')
    return takeLook(looked, look, found(sketches), by)
  }, notLooked)
}

const outcomes = ({ decided }: Looked) =>
  Object.fromEntries([...decided].map(([name, { outcome, look }]) => [name, [outcome, look]]))

describe('the plan of looks', () => {
  it('looks at the shares of the plan, from a hundred pairs on', () => {
    expect(looksOf(looking, size)?.map(({ n }) => n)).toEqual([200, 400, 600, 800, 1200, 1600, 2000, 2400, 3200, 4000])
    expect(looksOf(looking, { planned: 500, endsAt: null })?.map(({ n }) => n)).toEqual([
      100, 150, 200, 250, 300, 400, 500,
    ])
  })
  it('passes at alpha, fails at alpha divided among the blocking rules', () => {
    const looks = looksOf(looking, size) ?? []
    const [pass, fail] = [0.05, 0.025].map((alphaOneSided) => groupSequential({ alphaOneSided }).alphaAtLook)
    expect(looks.map(({ alphaPass }) => alphaPass)).toEqual(pass)
    expect(looks.map(({ alphaFail }) => alphaFail)).toEqual(fail)
  })
  it('passes at the share of alpha that a night has of several, and fails as ever', () => {
    const looks = looksOf({ ...looking, nights: 7 }, size) ?? []
    const [pass, fail] = [0.05 / 7, 0.025].map((alphaOneSided) => groupSequential({ alphaOneSided }).alphaAtLook)
    expect(looks.map(({ alphaPass }) => alphaPass)).toEqual(pass?.map((each) => expect.closeTo(each, 10)))
    expect(looks.map(({ alphaFail }) => alphaFail)).toEqual(fail)
  })
  it.each<[string, Policy, number]>([
    ['where the policy wants none', policy(rules), 4000],
    ['where no rule blocks', policy([rule({ severity: 'warn' })], { looks: defaultLookPolicy }), 4000],
    ['where there is room for one alone', looking, 100],
    ['of nothing', looking, 0],
  ])('is none %s', (_why, by, planned) => {
    expect(looksOf(by, { planned, endsAt: null })).toBeNull()
  })
  it('spends what is left where the run ended for want of money, and costs no more', () => {
    const looks = looksOf(looking, { planned: 4000, endsAt: 1000 }) ?? []
    expect(looks.map(({ n }) => n)).toEqual([200, 400, 600, 800, 1000])
    const whole = looksOf(looking, size) ?? []
    // What was looked at before was paid for at the old price, so the boundaries there are the same.
    for (const at of [0, 1, 2, 3]) expect(looks[at]?.alphaPass).toBeCloseTo(whole[at]?.alphaPass ?? 0, 6)
    expect(looks[4]?.alphaPass).toBeGreaterThan(0.045)
    expect(looks[4]?.alphaPass).toBeLessThan(0.05)
  })
})

describe('a look', () => {
  it('decides nothing while nothing is clear', () => {
    const looked = take([open, open])
    expect([outcomes(looked), looked.isOver]).toEqual([{}, false])
    expect(looked.taken.map((each) => each.open)).toEqual([2, 2])
  })
  it('decides one rule, and the run goes on for the other', () => {
    const looked = take([{ a: holds }])
    expect([outcomes(looked), looked.isOver]).toEqual([{ a: ['pass', 1] }, false])
  })
  it('decides the last open one: over', () => {
    const looked = take([{ a: holds }, { b: holds }])
    expect([outcomes(looked), looked.isOver]).toEqual([{ a: ['pass', 1], b: ['pass', 2] }, true])
    expect(looked.taken.map(({ decided }) => decided)).toEqual([{ a: 'pass' }, { b: 'pass' }])
  })
  it('waits for no rule that no request asks about, and weighs it anew at the next look', () => {
    const looks = looksOf(looking, size) ?? []
    const [first, second] = looks
    if (!first || !second) throw new Error('no looks')
    const moot = (sketch: Sketch) => [evidence({ metric: 'a', ...sketch }), unmeasured('b', { 'not-asked': first.n })]
    const waiting = takeLook(notLooked, first, moot({ estimate: 1.2, se: 0.5 }), looking)
    expect([waiting.taken[0]?.open, waiting.isOver]).toEqual([1, false])
    const decided = takeLook(waiting, second, moot(holds), looking)
    expect([decided.taken[1]?.open, decided.isOver]).toEqual([0, true])
    const asked = takeLook(waiting, second, found({ a: holds }), looking)
    expect([asked.taken[1]?.open, asked.isOver]).toEqual([1, false])
  })
  it('does not end a run before any rule has anything to judge', () => {
    const [first] = looksOf(looking, size) ?? []
    if (!first) throw new Error('no looks')
    const nothing = ['a', 'b'].map((metric) => unmeasured(metric, { 'not-asked': first.n }))
    expect(takeLook(notLooked, first, nothing, looking).isOver).toBe(false)
  })
  it('finds the first rule broken: over, unless the others are to be known too', () => {
    expect(take([{ a: breaks }]).isOver).toBe(true)
    const patient = policy(rules, { looks: { ...defaultLookPolicy, failFast: false } })
    expect(take([{ a: breaks }], patient).isOver).toBe(false)
  })
  it('changes nothing that is decided, whatever comes later', () => {
    const looked = take([{ a: holds }, { a: breaks }, { a: breaks }])
    expect(outcomes(looked)).toEqual({ a: ['pass', 1] })
  })
  it('asks for more certainty than one judgement would', () => {
    // Two standard errors from the margin: enough at the end, far from enough at the first look.
    const almost = { estimate: 1.2 * Math.exp(-0.02), se: 0.01 }
    expect(outcomes(take([{ a: almost }]))).toEqual({})
    const atEnd = take([...Array.from({ length: 9 }, () => open), { a: almost }])
    expect(outcomes(atEnd)).toEqual({ a: ['pass', 10] })
  })
  it('of no alpha decides nothing', () => {
    const [first] = looksOf(looking, size) ?? []
    if (!first) throw new Error('no look')
    const looked = takeLook(notLooked, { ...first, alphaPass: 0, alphaFail: 0 }, found({ a: breaks }), looking)
    expect([outcomes(looked), looked.isOver]).toEqual([{}, false])
  })
})

describe('the verdict of a run that was looked at', () => {
  const verdictOf = (looked: Looked, last: Readonly<Record<string, Sketch>>) => {
    const look = (looksOf(looking, size) ?? [])[looked.taken.length - 1]
    const sequence: Sequence = { ...looked, alphaPass: look?.alphaPass ?? 0, alphaFail: () => look?.alphaFail ?? 0 }
    return decide(found(last), looking, soundRun, sequence)
  }
  it('stands on what the looks decided, not on what is seen at the end', () => {
    const looked = take([{ a: holds }, { b: holds }])
    const verdict = verdictOf(looked, { a: breaks, b: breaks })
    expect(verdict).toMatchObject({ decision: 'GO', looks: [{ records: 200 }, { records: 400 }] })
    expect(verdict.findings[0]?.because).toContain('over 1,000 pairs (look 1)')
  })
  it('shows the interval that the look asked for', () => {
    const [first] = verdictOf(take([{ a: holds }]), {}).findings
    const [look] = looksOf(looking, size) ?? []
    expect(first?.effect?.interval.level).toBeCloseTo(1 - 2 * (look?.alphaPass ?? 0), 9)
  })
  it('leaves open what no look decided, though one judgement would have passed it', () => {
    const almost = { estimate: 1.2 * Math.exp(-0.02), se: 0.01 }
    const verdict = verdictOf(take([{ a: almost, b: almost }]), { a: almost, b: almost })
    expect(verdict.decision).toBe('INCONCLUSIVE')
    expect(verdict.next).toMatch(/^Begin a new run with about [\d,]+ more records/)
  })
  it('judges the other rules once', () => {
    const verdict = verdictOf(take([{ a: holds, b: holds }]), { c: breaks })
    expect(verdict.findings.map(({ outcome, look }) => [outcome, look])).toEqual([
      ['pass', 1],
      ['pass', 1],
      ['fail', null],
    ])
    expect(verdict.held).toBe(true)
  })
})
