// The index of nights in a real browser: asks nobody, runs nothing, is readable by everyone, and prints.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { historyModel } from '../../src/report/history/history-model.ts'
import { historyHtml } from '../../src/report/html/history-page.tsx'
import { across, historyOfDays } from '../report/fixture-nights.ts'
import { openPage, violations } from '../support/browser.ts'
import { hasChromium, sayWithoutChromium, startChromium } from '../support/chromium.ts'

sayWithoutChromium('the index of nights in a browser')

describe.skipIf(!hasChromium)('the index of nights in Chromium', () => {
  let browser: Browser
  let folder: string
  let address: string
  let large: string

  const write = (name: string, text: string) => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return pathToFileURL(file).href
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shadowgate-history-'))
    address = write(
      'index.html',
      historyHtml(historyModel(historyOfDays(58)), () => true),
    )
    const many = historyOfDays(1000, { across: across([]) })
    large = write(
      'large.html',
      historyHtml(historyModel(many), () => true),
    )
    browser = await startChromium()
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = (options: BrowserContextOptions = {}, file = address) => openPage(browser, file, options)

  test.each([400, 900, 1400])('at %i px: one file, no request, no complaint, no sideways scroll', async (width) => {
    for (const file of [address, large]) {
      await using opened = await open({ viewport: { width, height: 900 } }, file)
      expect(opened.requests).toEqual([file])
      expect(opened.complaints).toEqual([])
      expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    }
  })

  test.each([
    ['light', 1400],
    ['dark', 1400],
    ['light', 400],
    ['dark', 400],
  ] as const)('axe finds nothing in %s at %i px, every table open', async (colorScheme, width) => {
    await using opened = await open({ colorScheme, viewport: { width, height: 900 } })
    await opened.page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true })')
    expect(await violations(opened.page)).toEqual([])
  })

  test('without JavaScript the first screen holds the newest decision, since when, and the strip of nights', async () => {
    await using opened = await open({ javaScriptEnabled: false, viewport: { width: 1400, height: 900 } })
    const { page } = opened
    expect(await page.locator('h1').innerText()).toMatch(/INCONCLUSIVE\s+for\s+gpt-4 →/)
    expect(await page.locator('header .lead').innerText()).toMatch(/^INCONCLUSIVE since 2026-10-26 02:30 UTC/)
    const box = await page.locator('.strip').boundingBox()
    expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(900)
    expect(await page.locator('.strip a').count()).toBe(52)
    expect(await page.locator('.strip a').first().getAttribute('href')).toBe('run-0000/report.html')
  })

  test('each picture is told in words, and has its nights as a table', async () => {
    await using opened = await open()
    const { page } = opened
    expect(await page.locator('svg[role=img]').count()).toBe(5)
    const told = page.getByRole('img', { name: /It failed in 52, the last on 2026-10-28/ })
    expect(await told.count()).toBe(1)
    await page.getByText('Latency p95: the newest 30 nights as a table').click()
    const table = page.getByRole('table', { name: 'Latency p95, night by night' })
    expect(await table.locator('tbody tr').count()).toBe(30)
    expect(await table.locator('tbody tr').first().innerText()).toMatch(
      /2026-10-28 02:30 UTC\s+≈ inconclusive\s+\+27\.3/,
    )
  })

  test('a mark stands where the figures say: over the limit what failed, under it what passed', async () => {
    await using opened = await open()
    const figure = opened.page.locator('.trend', { hasText: 'Output tokens' })
    const box = async (selector: string) => figure.locator(selector).first().boundingBox()
    const [limit, failed] = [await box('.limit'), await box('.mark-fail')]
    expect((failed?.y ?? 0) + (failed?.height ?? 0)).toBeLessThan(limit?.y ?? 0)
    const passed = opened.page.locator('.trend', { hasText: 'Latency p50' })
    const line = await passed.locator('.limit').first().boundingBox()
    expect((await passed.locator('.mark-pass').boundingBox())?.y).toBeGreaterThan(line?.y ?? Infinity)
  })

  test('says which nights came to nothing and why, what changed, and how alarms are bounded', async () => {
    await using opened = await open()
    const { page } = opened
    expect(await page.locator('#troubles').innerText()).toMatch(
      /2026-10-01 02:30 UTC, no verdict \(TARGET_UNREACHABLE, exit status 69\)[^]*2.nights are missing|2 nights are missing/,
    )
    expect(await page.locator('#changes').innerText()).toMatch(/Latency p95 20.% → 30.%/)
    expect(await page.locator('#bounds').innerText()).toMatch(/one in twenty years/)
  })

  test('prints what is folded, and hostile text is text', async () => {
    await using opened = await open()
    const { page } = opened
    expect(await page.evaluate('globalThis.pwned')).toBeUndefined()
    expect(await page.locator('script, img, iframe, object, a[href^="http"]').count()).toBe(0)
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('table', { name: 'Latency p95, night by night' }).isVisible()).toBe(true)
  })

  test('of a thousand nights says what it leaves out', async () => {
    await using opened = await open({}, large)
    expect(await opened.page.locator('#decisions .after').innerText()).toMatch(/^818 older nights are not shown/)
    expect(await opened.page.locator('.strip > li:not(.month)').count()).toBe(180)
    expect(await opened.page.locator('#trends').innerText()).toMatch(/The 934 oldest nights share 30 columns/)
  })
})
