// The explorer of pairs in a real browser: silent, accessible, inert to hostile text, and as quick with five thousand pairs.

import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idOf } from '../report/fixture-explored.ts'
import { manyPairs } from '../report/fixture-many.ts'
import { openPage, violations } from '../support/browser.ts'
import { hasChromium, sayWithoutChromium } from '../support/chromium.ts'
import { filter, type OpenExplorer, openExplorer, wide } from '../support/explorer.ts'

sayWithoutChromium('the explorer in a browser')

describe.skipIf(!hasChromium)('the explorer as a page', () => {
  let explorer: OpenExplorer
  let many: ReturnType<OpenExplorer['write']>
  let tight: ReturnType<OpenExplorer['write']>

  beforeAll(async () => {
    explorer = await openExplorer()
    const pairs = manyPairs(5000)
    many = explorer.write('many.html', pairs)
    tight = explorer.write('tight.html', { ...pairs, maxBytes: 1_000_000 })
  })

  afterAll(() => explorer?.close())

  test('at 400 px the longest decision keeps the margin on its right', async () => {
    await using opened = await explorer.open(explorer.few, { viewport: { width: 400, height: 860 } })
    const word = opened.page.locator('.word')
    await word.evaluate((element) => {
      element.textContent = '≈ INCONCLUSIVE'
    })
    const box = await word.boundingBox()
    expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(400 - 16)
  })

  test.each([400, 900, 1400])('at %i px: no request, no complaint, no sideways scroll', async (width) => {
    await using opened = await explorer.open(explorer.few, { viewport: { width, height: 900 } })
    const { page, requests, complaints } = opened
    for (let step = 0; step < 8; step++) await page.keyboard.press('j')
    expect(requests).toEqual([explorer.few])
    expect(complaints).toEqual([])
    expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(width)
  })

  test.each(['light', 'dark'] as const)(
    'axe finds nothing in %s: a pair, a long one, JSON, a mistake, no pair, the help',
    async (colorScheme) => {
      await using opened = await explorer.open(explorer.few, { ...wide, colorScheme })
      const { page } = opened
      expect(await violations(page)).toEqual([])
      await page.locator('.row', { hasText: '75× slower' }).click()
      expect(await violations(page)).toEqual([])
      await page.locator('.row', { hasText: idOf.json }).click()
      expect(await violations(page)).toEqual([])
      await filter(page).fill('similarty<1')
      expect(await violations(page)).toEqual([])
      await filter(page).fill('badness>1000')
      expect(await violations(page)).toEqual([])
      await page.getByRole('button', { name: 'Help' }).click()
      expect(await violations(page)).toEqual([])
    },
  )

  test('axe finds nothing on a phone', async () => {
    await using opened = await explorer.open(explorer.few, { viewport: { width: 400, height: 860 } })
    expect(await violations(opened.page)).toEqual([])
  })

  test('axe finds nothing on a phone', async () => {
    await using opened = await explorer.open(explorer.few, { viewport: { width: 400, height: 860 } })
    expect(await violations(opened.page)).toEqual([])
  })

  test('hostile text is text, in every field', async () => {
    await using opened = await explorer.open(explorer.few)
    const { page, complaints } = opened
    await page.keyboard.press('G')
    await page.locator('.opened .request .text', { hasText: '</script>' }).waitFor()
    await page.getByRole('button', { name: 'second answer' }).click()
    await page.locator('.again').waitFor()
    await page.keyboard.press('d')
    expect(await page.locator('.opened').innerText()).toContain('⟨U+202E⟩')
    expect(await page.evaluate('globalThis.pwned')).toBeUndefined()
    expect(await page.locator('img, iframe, object, link, a[href^="http"], a[href^="javascript"]').count()).toBe(0)
    expect(await page.locator('script:not([type])').count()).toBe(1)
    expect(complaints).toEqual([])
  })

  test('the policy refuses every other script', async () => {
    await using opened = await explorer.open(explorer.few)
    await opened.page.evaluate(`{
      const script = document.createElement('script')
      script.textContent = 'globalThis.pwned = 1'
      document.body.append(script)
    }`)
    expect(await opened.page.evaluate('globalThis.pwned')).toBeUndefined()
    expect(opened.complaints.join()).toMatch(/Content Security Policy/)
  })

  test('without JavaScript the list stands, and a link opens its pair', async () => {
    await using opened = await openPage(explorer.browser, `${explorer.few}#pair-${idOf.again}`, {
      ...wide,
      javaScriptEnabled: false,
    })
    const { page } = opened
    expect(await page.locator('details.pair').count()).toBe(9)
    expect(await page.locator(`#pair-${idOf.again}`).isVisible()).toBe(true)
    expect(await page.locator('.panes').count()).toBe(0)
  })

  test('paper shows the list and not the explorer', async () => {
    await using opened = await explorer.open(explorer.few)
    const { page } = opened
    expect(await page.locator('.pair').first().isVisible()).toBe(false)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('#explorer').isVisible()).toBe(false)
    expect(await page.locator(`#pair-${idOf.json} .tree`).isVisible()).toBe(true)
  })

  test('the file is under 5 MB', () => {
    expect(statSync(many.file).size).toBeLessThanOrEqual(5_000_000)
  })

  test('opens, filters, and holds few rows wherever the list is scrolled to', async () => {
    await using opened = await explorer.open(many.address)
    const { page, complaints } = opened
    expect(await page.locator('.count').innerText()).toMatch(/^5,000 of 5,000.pairs$/)
    await page.getByRole('button', { name: 'Regressed 100' }).click()
    expect(await page.locator('.count').innerText()).toMatch(/^100 of 5,000.pairs$/)
    await filter(page).fill('')
    await page.locator('.rows').evaluate((rows) => rows.scrollTo(0, rows.scrollHeight))
    await page.locator('.row[aria-posinset="5000"]').waitFor()
    expect(await page.locator('.row').count()).toBeLessThan(200)
    expect(complaints).toEqual([])
  })

  test('a word is found in a text that nobody had opened', async () => {
    await using opened = await explorer.open(many.address)
    const { page } = opened
    await filter(page).fill('"question 1234:"')
    await page.locator('.count', { hasText: /^1 of 5,000.pairs(?!; reading)/ }).waitFor()
    await page.locator('.opened .request', { hasText: 'Question 1234:' }).waitFor()
    expect(await page.locator('.row').count()).toBe(1)
  })

  test('a run without pairs, and one whose pairs have no texts', async () => {
    const empty = explorer.write('empty.html', { pairs: [], examples: [], changes: null })
    await using opened = await openPage(explorer.browser, empty.address, wide)
    await opened.page.locator('.nothing', { hasText: 'This run has no pairs.' }).waitFor()
    const bare = explorer.write('bare.html', { examples: [] })
    await using other = await openPage(explorer.browser, bare.address, wide)
    await other.page.locator('.nothing', { hasText: 'are not in this page' }).waitFor()
    expect([...opened.complaints, ...other.complaints]).toEqual([])
    expect(await violations(opened.page)).toEqual([])
  })

  test('what there was no room for is listed, said where it is, and not searched in silence', async () => {
    expect(statSync(tight.file).size).toBeLessThanOrEqual(1_000_000)
    await using opened = await explorer.open(tight.address)
    const { page } = opened
    await page.keyboard.press('G')
    expect(await page.locator('.opened').innerText()).toMatch(
      /texts of this pair are not in this page.*shadowgate browse/,
    )
    await filter(page).fill('"question 4999:"')
    await page
      .locator('.count', { hasText: /^0 of 5,000.pairs; [\d,]+ without texts in this page were not searched$/ })
      .waitFor()
  })
})
