// Latency, tokens and cost in a real browser: pictures with names, tables that say the same, at every width and on paper.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html } from '../../src/report/html.ts'
import { reportModel } from '../../src/report/model.ts'
import { reportInput } from '../report/fixture.ts'
import { spread } from '../report/fixture-spread.ts'
import { hasChromium, sayWithoutChromium, startChromium } from '../support/chromium.ts'

sayWithoutChromium('latency and tokens in a browser')

const sections = ['latency', 'tokens'] as const

describe.skipIf(!hasChromium)('latency, tokens and cost in Chromium', () => {
  let browser: Browser
  let folder: string
  const whole = 'whole.html'

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shadowgate-spread-'))
    const costUsd = { production: null, candidate: null }
    const nothing = reportInput({ ...spread(0), effects: [], counts: { ...reportInput().counts, costUsd } })
    writeFileSync(join(folder, whole), html.render(reportInput()))
    writeFileSync(join(folder, 'few.html'), html.render(reportInput(spread(2))))
    writeFileSync(join(folder, 'nothing.html'), html.render(nothing))
    browser = await startChromium()
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(file: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options })
    const page = await context.newPage()
    const requests: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    const address = pathToFileURL(join(folder, file)).href
    await page.goto(address)
    return { page, address, requests, complaints, [Symbol.asyncDispose]: () => context.close() }
  }

  test.each([
    [whole, 'light', 1400],
    [whole, 'dark', 1400],
    [whole, 'dark', 400],
    [whole, 'light', 900],
    ['few.html', 'light', 1400],
    ['nothing.html', 'dark', 900],
  ] as const)(
    '%s in %s at %i px: axe finds nothing, no request, no sideways scroll',
    async (file, colorScheme, width) => {
      await using opened = await open(file, { colorScheme, viewport: { width, height: 900 } })
      expect(opened.requests).toEqual([opened.address])
      expect(opened.complaints).toEqual([])
      expect(Number(await opened.page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(width)
      expect(await violations(opened.page)).toEqual([])
    },
  )

  test.each(sections)('each picture of %s has a name, and a table says the same', async (section) => {
    await using opened = await open(whole, { javaScriptEnabled: false })
    const place = opened.page.locator(`#${section}`)
    const pictures = place.getByRole('img')
    expect(await pictures.count()).toBe(2)
    expect(await place.getByRole('img', { name: /^Share of each arm’s .*p50 and p95 marked/ }).count()).toBe(1)
    expect(await place.getByRole('img', { name: /^By how much each quantile .*90.% interval/ }).count()).toBe(1)
    const rows = place.getByRole('table', { name: /by quantile/ }).getByRole('row')
    const told = await rows.evaluateAll((all) => all.map((row) => row.textContent))
    const { quantiles } = reportModel(reportInput())[section]
    expect(told.slice(1)).toEqual(
      quantiles.map((row) => `${row.name}${row.production}${row.candidate}${row.change}${row.interval ?? ''}`),
    )
  })

  test('every quantile of the table is a point in the picture, and limits stand where rules have them', async () => {
    await using opened = await open(whole)
    const { shift } = reportModel(reportInput()).latency
    const picture = opened.page.locator('#latency .shift')
    const drawn = shift?.points.filter(({ ratio }) => ratio !== null) ?? []
    expect(await picture.locator('.estimate').count()).toBe(drawn.length)
    expect(await picture.locator('.limit').count()).toBe(2)
    expect(await picture.locator('.noise').count()).toBe(shift?.points.length)
  })

  test('answers of no token have a bar of their own', async () => {
    await using opened = await open(whole)
    expect(await opened.page.locator('#tokens rect.area').count()).toBe(1)
    expect(await opened.page.locator('#latency rect.area').count()).toBe(0)
  })

  test('the menu leads to tokens and cost', async () => {
    await using opened = await open(whole, { javaScriptEnabled: false, reducedMotion: 'reduce' })
    await opened.page.getByRole('navigation').getByText('Tokens and cost').click()
    const box = await opened.page.locator('#tokens-title').boundingBox()
    expect(box?.y).toBeGreaterThanOrEqual(0)
    expect(box?.y).toBeLessThan(900)
  })

  test('on paper no picture is wider than the page', async () => {
    await using opened = await open(whole, { viewport: { width: 700, height: 900 } })
    await opened.page.emulateMedia({ media: 'print' })
    for (const picture of await opened.page.locator('svg.spread').all()) {
      const box = await picture.boundingBox()
      expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(700)
    }
  })
})

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const found: unknown = await page.evaluate(`axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary)))`)
  if (!Array.isArray(found)) throw new Error('axe gave no list')
  return found.map(String)
}
