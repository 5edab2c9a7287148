// The job's summary, its annotations and its exit: fitting, escaped, and by the decision alone.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { escapeData, escapeProperty } from '../../.github/actions/gate/workflow-commands.mjs'
import { exitStatus, statusOf } from '../../src/core/fault.ts'
import { marker } from '../../src/report/markdown.ts'
import { reportInput } from '../report/fixture.ts'
import { temporaryFolder } from '../support/cli.ts'
import { reportFolder, runScript } from '../support/gate-script.ts'

const { verdict } = reportInput()
const annotations = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('::'))

function summaryWith(before: string): Promise<{ summary: string; stdout: string }> {
  const file = join(temporaryFolder(), 'summary')
  writeFileSync(file, before)
  return runScript('summary', { REPORT_FOLDER: reportFolder(), GATE_STATUS: '1', GITHUB_STEP_SUMMARY: file })
}

describe('summary', () => {
  it('has the report without its marker, after what was there', async () => {
    const { summary } = await summaryWith('before\n')
    expect(summary).toMatch(/^before\n\n## ✗ NO-GO: `gpt-4-0314`/)
    expect(summary).not.toContain(marker)
  })

  it('has a few words where the rest of the room is too small, and nothing where there is none', async () => {
    const full = await summaryWith('x'.repeat(60_000))
    expect(full.summary.slice(60_000)).toBe('\n## NO-GO\n\nThe report is too long to be shown here.\n')
    const none = await summaryWith('x'.repeat(65_500))
    expect(none.summary).toHaveLength(65_500)
    expect(none.stdout).toContain('The step’s summary is full')
  })

  it('stays within 64 KB together with what was there, whatever that is', async () => {
    for (const size of [5000, 30_000, 50_000, 65_450, 65_460, 65_470]) {
      const { summary } = await summaryWith('x'.repeat(size))
      expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(65_536)
    }
  })

  it('says that nothing was judged', async () => {
    const ran = await runScript('summary', { GATE_STATUS: '69' })
    expect(ran.summary).toContain('## shadowgate could not judge')
    expect(annotations(ran.stdout)).toEqual([
      '::error title=shadowgate could not judge::It ended with status 69; the log of this job says why.',
    ])
  })
})

describe('annotations', () => {
  it('are one for the verdict and at most ten for rules that failed', async () => {
    const findings = Array.from({ length: 30 }, () => verdict.findings).flat()
    const folder = reportFolder('', { verdict: { ...verdict, findings } })
    const ran = await runScript('summary', { REPORT_FOLDER: folder, GATE_STATUS: '1' })
    const lines = annotations(ran.stdout)
    expect(lines).toHaveLength(11)
    expect(lines[0]).toMatch(/^::error title=NO-GO::Three blocking rules/)
    expect(lines).toContainEqual(expect.stringMatching(/^::warning title=latency-p50 \[task%3A prime\]::/))
  })

  it.each([
    ['GO', false, 'notice title=GO'],
    ['GO', true, 'warning title=GO%2C held for a person'],
    ['INCONCLUSIVE', false, 'warning title=INCONCLUSIVE'],
    ['INVALID', false, 'error title=INVALID'],
  ] as const)('%s (held: %s) is a %s', async (decision, held, expected) => {
    const folder = reportFolder('', { verdict: { ...verdict, decision, held, findings: [] } })
    const ran = await runScript('summary', { REPORT_FOLDER: folder, GATE_STATUS: '0' })
    expect(annotations(ran.stdout)).toEqual([`::${expected}::${escapeData(verdict.because)}`])
  })

  it('let no text of a model begin another command', async () => {
    const because = 'ends%\r\n::set-env name=PATH::/tmp\n::error::forged'
    const folder = reportFolder('', { verdict: { ...verdict, because, findings: [] } })
    const ran = await runScript('summary', { REPORT_FOLDER: folder, GATE_STATUS: '1' })
    expect(annotations(ran.stdout)).toEqual([
      '::error title=NO-GO::ends%25%0D%0A::set-env name=PATH::/tmp%0A::error::forged',
    ])
  })

  it('escape as the runner unescapes', () => {
    expect(escapeData('100 %\r\na:b,c')).toBe('100 %25%0D%0Aa:b,c')
    expect(escapeProperty('100 %\r\na:b,c')).toBe('100 %25%0D%0Aa%3Ab%2Cc')
  })
})

describe('the job ends', () => {
  const cases = [
    ['GO', false, { 'not-go': 0, 'no-go': 0, never: 0 }],
    ['GO', true, { 'not-go': 2, 'no-go': 0, never: 0 }],
    ['INCONCLUSIVE', false, { 'not-go': 2, 'no-go': 0, never: 0 }],
    ['NO-GO', false, { 'not-go': 1, 'no-go': 1, never: 0 }],
    ['INVALID', false, { 'not-go': 3, 'no-go': 3, never: 0 }],
  ] as const
  it.each(cases)('of %s (held: %s) with %o', async (decision, held, expected) => {
    const folder = reportFolder('', { verdict: { ...verdict, decision, held } })
    const status = statusOf({ decision, held })
    for (const [failOn, exit] of Object.entries(expected)) {
      const env = { REPORT_FOLDER: folder, GATE_STATUS: String(status), FAIL_ON: failOn }
      expect((await runScript('decide', env)).status, failOn).toBe(exit)
    }
  })

  it('by the decision even where --exit-zero hid it', async () => {
    expect((await runScript('decide', { REPORT_FOLDER: reportFolder(''), GATE_STATUS: '0' })).status).toBe(1)
  })

  it.each([exitStatus.unavailable, 0])(
    'in red where nothing was judged, even with fail-on: never (%i)',
    async (status) => {
      const ran = await runScript('decide', { GATE_STATUS: String(status), FAIL_ON: 'never' })
      expect(ran.status).toBe(status || exitStatus.internal)
    },
  )
})
