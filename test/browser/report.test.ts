// The HTML report in a real browser: asks nobody, runs nothing, is readable by everyone, with and without JavaScript.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html } from '../../src/report/html.ts'
import { reportInput } from '../report/fixture.ts'
import { evening } from '../report/fixture-against.ts'
import { hostile } from '../report/hostile.ts'
import { openPage, violations } from '../support/browser.ts'
import { hasChromium, sayWithoutChromium, startChromium } from '../support/chromium.ts'

sayWithoutChromium('the report in a browser')

describe.skipIf(!hasChromium)('the report in Chromium', () => {
  let browser: Browser
  let folder: string
  let address: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shadowgate-report-'))
    const file = join(folder, html.file)
    writeFileSync(file, html.render(reportInput()))
    address = pathToFileURL(file).href
    browser = await startChromium()
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = (options: BrowserContextOptions, at = '', file = address) => openPage(browser, file + at, options)

  test.each([400, 900, 1400])('at %i px: one file, no request, no complaint, no sideways scroll', async (width) => {
    await using opened = await open({ viewport: { width, height: 900 } })
    expect(opened.requests).toEqual([address])
    expect(opened.complaints).toEqual([])
    expect(await numberOf(opened.page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
  })

  test('the first screen holds the decision, the rules that decided, by how much and how sure', async () => {
    await using opened = await open({ viewport: { width: 1400, height: 900 } })
    const header = opened.page.locator('header')
    expect(await header.locator('h1').innerText()).toMatch(/NO-GO/)
    const box = await header.locator('.deciding').boundingBox()
    expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(900)
    expect(await header.locator('.lead').innerText()).toMatch(
      /^Answered fell by 5\.10.pp, from 99\.95.% to 94\.8.%; the rule allows 1.pp\.$/,
    )
    expect(await header.locator('.sure').innerText()).toMatch(/^At 95.% confidence it fell by at least 4\.21.pp\./)
    expect(await header.locator('.deciding').innerText()).toMatch(/Latency p95\s+2\.9×.*90.% interval.*at most 1\.2×/)
  })

  test('a phone’s first screen holds the decision, its reason, and what to do next', async () => {
    await using opened = await open({ viewport: { width: 400, height: 860 } })
    const next = await opened.page.locator('header .next').boundingBox()
    expect((next?.y ?? Infinity) + (next?.height ?? 0)).toBeLessThan(860)
  })

  test('the first screen says what changed, and links to a pair that the link opens', async () => {
    await using opened = await open({ javaScriptEnabled: false, viewport: { width: 1400, height: 900 } })
    const changed = opened.page.locator('header .changed')
    const box = await changed.boundingBox()
    expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(900)
    expect(await changed.locator('li').first().innerText()).toMatch(/task=prime answers collapsed: 638 → 4.characters/)
    await changed.locator('a[href="#pair-00000000000000000000000b"]').click()
    expect(await opened.page.locator('#pair-00000000000000000000000b').isVisible()).toBe(true)
  })

  describe('with an earlier run to compare with', () => {
    let compared: string
    beforeAll(() => {
      const file = join(folder, 'compared.html')
      const { verdict: now, changes } = reportInput()
      const verdict = { ...now, decision: 'GO' as const }
      const before = changes && { ...changes, clusters: changes.clusters.slice(1) }
      writeFileSync(file, html.render(reportInput({ against: evening({ verdict, changes: before }) })))
      compared = pathToFileURL(file).href
    })

    test('the first screen says in a line what changed since, and leads to it', async () => {
      await using opened = await open(
        { javaScriptEnabled: false, viewport: { width: 1400, height: 900 } },
        '',
        compared,
      )
      const line = opened.page.locator('header .since')
      expect(await line.innerText()).toMatch(/^Since 2026-11-22 02:30 UTC \(GO\): 1.new change\./)
      const box = await line.boundingBox()
      expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(900)
      await line.locator('a').click()
      expect(await opened.page.locator('#since .lead-in').innerText()).toMatch(/^GO then, NO-GO now: /)
    })

    test.each([
      ['light', 1400],
      ['dark', 1400],
      ['light', 400],
    ] as const)('axe finds nothing in %s at %i px, and nothing scrolls sideways', async (colorScheme, width) => {
      await using opened = await open({ colorScheme, viewport: { width, height: 900 } }, '', compared)
      expect(opened.complaints).toEqual([])
      expect(await numberOf(opened.page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      expect(await violations(opened.page)).toEqual([])
    })
  })

  test.each(['light', 'dark'] as const)('axe finds nothing in %s', async (colorScheme) => {
    await using opened = await open({ colorScheme, viewport: { width: 1400, height: 900 } })
    expect(await violations(opened.page)).toEqual([])
  })

  test('axe finds nothing on a phone with every pair open', async () => {
    await using opened = await open({ viewport: { width: 400, height: 860 } })
    await opened.page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true })')
    expect(await violations(opened.page)).toEqual([])
  })

  test('without JavaScript: decision, diff and a closed pair that its link opens', async () => {
    await using opened = await open({ javaScriptEnabled: false }, '#pair-00000000000000000000000c')
    const { page } = opened
    expect(await page.locator('h1').innerText()).toMatch(/NO-GO/)
    expect(await page.locator('.pair del').first().innerText()).toBe('if')
    expect(await page.locator('.pair ins').first().innerText()).toBe('rest =')
    expect(await page.locator('#pair-00000000000000000000000c').isVisible()).toBe(true)
    expect(await page.locator('#pair-00000000000000000000000b').isVisible()).toBe(false)
  })

  test('prints what is folded', async () => {
    await using opened = await open({})
    await opened.page.emulateMedia({ media: 'print' })
    expect(await opened.page.locator('#pair-00000000000000000000000b').isVisible()).toBe(true)
  })

  test('hostile text is text', async () => {
    await using opened = await open({})
    const { page } = opened
    expect(await page.evaluate('globalThis.pwned')).toBeUndefined()
    expect(
      await page.locator('script, img, iframe, object, link, a[href^="http"], a[href^="javascript"]').count(),
    ).toBe(0)
    expect(await page.locator('#pair-00000000000000000000000b').textContent()).toContain(hostile.html)
  })

  test('the page’s policy refuses a script that got in all the same', async () => {
    await using opened = await open({})
    await opened.page.evaluate(`{
      const script = document.createElement('script')
      script.textContent = 'globalThis.pwned = 1'
      document.body.append(script)
    }`)
    expect(await opened.page.evaluate('globalThis.pwned')).toBeUndefined()
    expect(opened.complaints.join()).toMatch(/Content Security Policy/)
  })
})

async function numberOf(page: Page, expression: string): Promise<number> {
  return Number(await page.evaluate(expression))
}
