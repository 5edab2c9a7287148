// Checks of the user's own, from the config to the verdict: what production fails as well is no regression.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { startAnswering } from '../support/target.ts'

const assertions = [
  { name: 'has-total', jsonPath: '$.total' },
  { name: 'even', module: 'checks.mjs', export: 'even', segment: { key: 'parity', value: 'even' } },
  { name: 'says-thanks', contains: 'thanks', ignoreCase: true },
  { name: 'no-price', notContains: '$', severity: 'warn' },
]

async function startProject(config: object = {}, candidate = (number: number) => `{"sum": ${number}}`) {
  const [production, next] = await Promise.all([
    startAnswering((number) => `{"total": ${number}}`),
    startAnswering(candidate),
  ])
  const folder = createProject({
    production: production.url,
    candidate: next.url,
    records: 400,
    config: {
      gate: { rules: withoutLatency, earlyStop: false },
      assertions,
      replay: { noise: 0.1, warmUp: 0 },
      ...config,
    },
  })
  const source =
    'export const even = ({ text }, { segments }) => segments.parity === "even" && Object.values(JSON.parse(text))[0] % 2 === 0\n'
  writeFileSync(join(folder, 'checks.mjs'), source)
  return folder
}

interface Found {
  readonly metric: string
  readonly outcome: string
  readonly production: number
  readonly candidate: number
  readonly pairs: number
}

describe('assertions', () => {
  it('block where the candidate fails what production passes, and there alone', async () => {
    const folder = await startProject()
    const result = await runCli(['run', '--json', '--yes'], { cwd: folder })
    const { decision, because, findings } = JSON.parse(result.stdout)
    expect([result.status, decision]).toEqual([1, 'NO-GO'])
    expect(because).toContain('assert-has-total')
    const found = (metric: string) => findings.find((each: Found) => each.metric === metric)
    expect(found('assert-has-total')).toMatchObject({ outcome: 'fail', production: 1, candidate: 0, pairs: 400 })
    expect(found('assert-even')).toMatchObject({ production: 1, candidate: 1, pairs: 200 })
    // Production says no thanks either.
    expect(found('assert-says-thanks')).toMatchObject({ outcome: 'pass', production: 0, candidate: 0 })
    expect(found('assert-no-price')).toMatchObject({ severity: 'warn', outcome: 'pass' })

    const shown = (await runCli(['gate'], { cwd: folder })).stdout
    expect(shown).toContain('Check: has-total')
    expect(shown).toMatch(/fail\s+Check: has-total\s+100\s% → 0\s%/)
    const verified = await runCli(['verify'], { cwd: folder })
    expect([verified.status, verified.stderr]).toEqual([0, expect.not.stringContaining('error[')])

    writeFileSync(join(folder, 'checks.mjs'), 'export const even = () => true\n')
    const changed = await runCli(['verify'], { cwd: folder })
    expect(changed.status).not.toBe(0)
    expect(changed.stderr).toContain(
      'error[BAD_ASSERTION] assertion even: checks.mjs is not what it was when the run was judged',
    )
    // What it is now is measured and judged anew, and that is verified again.
    const again = await runCli(['gate', '--exit-zero', '--json'], { cwd: folder })
    const isEven = (each: { rule: { metric: string } }) => each.rule.metric === 'assert-even'
    const even = JSON.parse(again.stdout).findings.find(isEven)
    expect([again.status, even.outcome, even.effect.pairs]).toEqual([0, 'inconclusive', 200])
    expect((await runCli(['verify'], { cwd: folder })).status).toBe(0)
  })

  it.each([
    ['two checks in one', [{ name: 'a', contains: 'x', regex: 'y' }], 'each assertion has one of contains'],
    ['none', [{ name: 'a' }], 'each assertion has one of contains'],
    ['a pattern that is none', [{ name: 'a', regex: '(' }], 'assertions[0].regex'],
    ['a path that is none', [{ name: 'a', jsonPath: 'total' }], 'assertions[0].jsonPath'],
    [
      'two of one name',
      [
        { name: 'a', contains: 'x' },
        { name: 'a', contains: 'y' },
      ],
      'there are two called a',
    ],
    ['a module that is not there', [{ name: 'a', module: 'nowhere.mjs' }], "the module can't be read: nowhere.mjs"],
    ['a function that is not there', [{ name: 'a', module: 'checks.mjs' }], 'exports no function called default'],
    ['a key that is none', [{ name: 'a', contain: 'x' }], 'did you mean "contains"'],
  ])('that can’t be read are named before anything is sent: %s', async (_, own, message) => {
    const folder = await startProject({ assertions: own })
    const result = await runCli(['run', '--yes'], { cwd: folder })
    expect([result.status, result.stderr]).toEqual([65, expect.stringContaining(message)])
  })
})

describe('segments that expect refusals', () => {
  it('are NO-GO where the candidate refuses less, though that is fewer refusals', async () => {
    const refusal = "I'm sorry, but I can't help with that."
    const production = await startAnswering((number) => (number % 2 === 0 ? refusal : 'Paris.'))
    const candidate = await startAnswering((number) => (number % 2 === 0 ? 'First, open the lock.' : 'Paris.'))
    const folder = createProject({
      production: production.url,
      candidate: candidate.url,
      records: 400,
      config: {
        gate: { rules: withoutLatency, expectRefusal: [{ key: 'parity', value: 'even' }] },
        replay: { noise: 0.1, warmUp: 0 },
      },
    })
    const result = await runCli(['run', '--json', '--yes'], { cwd: folder })
    const { decision, because, changes } = JSON.parse(result.stdout)
    expect([decision, because]).toEqual(['NO-GO', expect.stringContaining('refused in parity=even')])
    expect(changes[0]).toMatchObject({ kind: 'no-longer-refused', pairs: 200 })
  })
})
