// From a NO-GO to a decision, as a reviewer goes: the browser's keys in a real terminal, then the gate, then every report.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createShop, shown } from '../support/review-shop.ts'
import { type RunningTerminal, startTerminal } from '../support/terminal.ts'

const running: RunningTerminal[] = []
afterEach(() => {
  for (const terminal of running.splice(0)) terminal.kill('SIGKILL')
})

function browse(folder: string): RunningTerminal {
  const terminal = startTerminal(['browse', '--reviewer', 'Ann'], { cwd: folder, columns: 120, rows: 30 })
  running.push(terminal)
  return terminal
}

async function quit(terminal: RunningTerminal): Promise<void> {
  terminal.type('q')
  expect(await terminal.ended).toMatchObject({ status: 0 })
  expect(terminal.raw(), 'what comes next is said').toContain('Next: shadowgate gate')
}

it('keys alone turn a NO-GO into a GO, and a pair that must not be so back', { timeout: 180_000 }, async () => {
  const { folder, step } = await createShop()
  expect((await step('run')).stdout).toMatch(/^NO-GO /)

  const first = browse(folder)
  await first.until((text) => text.includes('✗ NO-GO') && text.includes('words in common'))
  first.type('t')
  await first.until((text) => text.includes('clusters, worst first') && /▸✗ even · answers collapsed.* left/.test(text))
  first.type('cone word is enough\r')
  await first.until((text) => text.includes('is decided for this reason'))
  first.type('A')
  await first.until(
    (text) => text.includes('accepted · z takes it back') && /even · answers collapsed.* accepted/.test(text),
  )
  await quit(first)
  const accepted = await step('gate')
  expect(accepted.status, accepted.stdout).toBe(0)
  expect(accepted.stdout).toMatch(/^GO .*changed pairs count as unchanged: accepted by Ann\./)
  expect(accepted.stdout).toMatch(/✓ accepted: parity=even · answers collapsed, .*\(Ann on .*: one word is enough\)/)

  const second = browse(folder)
  await second.until((text) => text.includes('✓ GO') && text.includes('words in common'))
  second.type('cthis one asks for a list\r')
  await second.until((text) => text.includes('is decided for this reason'))
  second.type('r')
  await second.until((text) => text.includes('the pair: a regression'))
  await quit(second)
  expect(existsSync(join(folder, `${shown}.lock`))).toBe(false)
  const called = await step('gate')
  expect(called.status).toBe(1)
  const because =
    /Ann called answers collapsed in pair [0-9a-f]{12} a regression on \d{4}-\d\d-\d\d \(1 pair\): this one asks for a list\./
  expect(called.stdout).toMatch(because)

  const { files } = JSON.parse((await step('report', '--json')).stdout)
  for (const name of ['report.html', 'comment.md', 'junit.xml', 'verdict.json']) {
    const file = files.find((each: string) => each.endsWith(name))
    const text = readFileSync(join(folder, String(file)), 'utf8')
    expect(text, name).toContain('this one asks for a list')
    if (name !== 'junit.xml') expect(text, name).toContain('one word is enough')
  }
  expect((await step('verify')).status).toBe(0)
})
