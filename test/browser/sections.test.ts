// The report's sections in a real browser: their order, what stands in for each picture, many rules, and what was asked.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html } from '../../src/report/html.ts'
import type { ReportInput } from '../../src/report/input.ts'
import { reportInput } from '../report/fixture.ts'
import { openPage, violations } from '../support/browser.ts'
import { hasChromium, sayWithoutChromium, startChromium } from '../support/chromium.ts'

sayWithoutChromium("the report's sections in a browser")

/** 80 findings: the policy's own, and each of them again in so many segments, failed or not. */
function withManyRules(): ReportInput {
  const input = reportInput()
  const own = input.verdict.findings
  const findings = Array.from({ length: 80 }, (_, at) => {
    const finding = own[at % own.length] ?? own[0]
    if (finding === undefined) throw new Error('the fixture has findings')
    if (at < own.length) return finding
    const segment = { key: 'tenant', value: `tenant-with-a-long-name-${at}` }
    return { ...finding, rule: { ...finding.rule, segment } }
  })
  return { ...input, verdict: { ...input.verdict, findings } }
}

describe.skipIf(!hasChromium)('the sections', () => {
  let browser: Browser
  let folder: string
  let address: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shadowgate-sections-'))
    const file = join(folder, html.file)
    writeFileSync(file, html.render(withManyRules()))
    address = pathToFileURL(file).href
    browser = await startChromium()
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = (options: BrowserContextOptions = { viewport: { width: 1400, height: 900 } }) =>
    openPage(browser, address, options)

  test('the links lead through them in their order', async () => {
    await using opened = await open()
    const links = await opened.page.evaluate('[...document.querySelectorAll("nav a")].map((a) => a.hash.slice(1))')
    const sections = await opened.page.evaluate('[...document.querySelectorAll("main > section")].map(({ id }) => id)')
    expect(links).toEqual(sections)
    expect(sections).toEqual(['rules', 'asked', 'latency', 'tokens', 'segments', 'changes', 'pairs'])
  })

  test('every picture is told in words or is no news', async () => {
    await using opened = await open()
    const silent =
      await opened.page.evaluate(`[...document.querySelectorAll('svg:not([aria-hidden="true"])')].filter((svg) =>
      svg.role !== 'img' || !(svg.ariaLabel ?? document.getElementById(svg.getAttribute('aria-labelledby'))?.textContent)).length`)
    expect(silent).toBe(0)
    expect(await opened.page.locator('#rules svg[role="img"]').first().getAttribute('aria-label')).toMatch(
      /interval .*; limit: /,
    )
  })

  test.each([400, 900, 1400])('80 rules at %i px: the axis stays in sight, nothing scrolls sideways', async (width) => {
    await using opened = await open({ viewport: { width, height: 900 } })
    const { page, complaints, requests } = opened
    const table = page.locator('.rules').first()
    await table.locator('tbody tr').last().scrollIntoViewIfNeeded()
    const box = await table.locator('.axis').boundingBox()
    expect(box?.y).toBeGreaterThanOrEqual(0)
    expect(box?.y).toBeLessThan(60)
    expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(width)
    expect(await page.locator('.rules tbody tr').count()).toBe(80)
    expect([complaints, requests]).toEqual([[], [address]])
  })

  test.each(['light', 'dark'] as const)('axe finds nothing in %s, with every rule open', async (colorScheme) => {
    await using opened = await open({ viewport: { width: 1400, height: 900 }, colorScheme })
    await opened.page.locator('#rules summary').click()
    expect(await violations(opened.page)).toEqual([])
  })

  test('what was asked stands there without JavaScript', async () => {
    await using opened = await open({ javaScriptEnabled: false })
    const text = await opened.page.locator('#asked').innerText()
    for (const words of [
      /Requests\s+2,114, 99\.43.% of them whole: 2,102 whole, 8 cut short, 3 with parts taken out, 1 without their request/,
      /Personal data\s+replaced in 27.records: e-mail addresses \(31\), phone numbers \(4\); also looked for: IBANs/,
      /Cost of both arms\s+\$42\.48/,
      /it leans on `previous_response_id`, which the provider keeps\s+8.requests/,
      /replay 429\s+19\s/,
    ])
      expect(text).toMatch(words)
  })
})
