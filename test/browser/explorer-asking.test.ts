// The explorer of pairs as it is asked: by chips, clusters, words, orders, links and the browser’s history.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idOf } from '../report/fixture-explored.ts'
import { openPage } from '../support/browser.ts'
import { hasChromium } from '../support/chromium.ts'
import { filter, type OpenExplorer, openExplorer, title, titles, wide } from '../support/explorer.ts'

describe.skipIf(!hasChromium)('the explorer as it is asked', () => {
  let explorer: OpenExplorer

  beforeAll(async () => {
    explorer = await openExplorer()
  })

  afterAll(() => explorer?.close())

  test('a chip counts, filters, says so, and is taken back', async () => {
    await using opened = await explorer.open(explorer.few)
    const { page } = opened
    const chip = page.getByRole('button', { name: 'Regressed 2' })
    await chip.click()
    expect(await chip.getAttribute('aria-pressed')).toBe('true')
    expect(await page.locator('.row').count()).toBe(2)
    expect(await page.locator('.count').innerText()).toMatch(/^2 of 9.pairs/)
    expect(await filter(page).inputValue()).toBe('regressed')
    await page.getByRole('button', { name: 'Improved 1' }).click()
    expect(await filter(page).inputValue()).toBe('improved')
    await page.getByRole('button', { name: 'Improved 1' }).click()
    expect(await page.locator('.row').count()).toBe(9)
  })

  test('a cluster is asked for by its name, and by the pair that is in it', async () => {
    await using opened = await explorer.open(explorer.few)
    const { page } = opened
    await page.getByLabel('Cluster').selectOption({ label: 'one word edited (1)' })
    expect(await titles(page)).toEqual([`≈ reason of ${idOf.again}`])
    await page.getByRole('button', { name: 'Same 1' }).click()
    expect(await page.locator('.row').count()).toBe(0)
    await filter(page).fill('')
    await page.locator('.row', { hasText: idOf.again }).click()
    await page.locator('.meta').getByRole('button', { name: 'one word edited' }).click()
    expect(await page.locator('.row').count()).toBe(1)
  })

  test('words are looked for in request and answers; a mistake is told, and leaves the list as it was', async () => {
    await using opened = await explorer.open(explorer.few)
    const { page } = opened
    await filter(page).fill('AUBERGINE')
    await page.locator('.count', { hasText: /^1 of 9.pairs$/ }).waitFor()
    expect(await titles(page)).toEqual([`✓ reason of ${idOf.json}`])
    await filter(page).fill('AUBERGINE similarty<1')
    expect(await page.getByRole('alert').innerText()).toMatch(/no number called "similarty"; did you mean similarity\?/)
    expect(await page.locator('.row').count()).toBe(1)
  })

  test('another order puts other pairs first', async () => {
    await using opened = await explorer.open(explorer.few)
    const { page } = opened
    await page.getByLabel('Order').selectOption('similarity')
    const shown = await titles(page)
    expect(shown.slice(-2)[0]).toBe(`= reason of ${idOf.same}`)
    // A pair without a similarity is last.
    expect(shown.at(-1)).toBe('✗ no answer')
  })

  test('links: to a pair, the old anchors, and past a filter that hides it', async () => {
    await using opened = await explorer.open(`${explorer.few}#pair-${idOf.json}`)
    const { page } = opened
    expect(await title(page)).toBe(`reason of ${idOf.json}`)
    await page.waitForFunction('document.getElementById("explorer").getBoundingClientRect().top < 450')
    await page.goto(`${explorer.few}#filter=regressed&pair=${idOf.same}`)
    await page.locator('.notice', { hasText: 'was cleared' }).waitFor()
    expect(await title(page)).toBe(`reason of ${idOf.same}`)
    expect(await filter(page).inputValue()).toBe('')
    await page.goto(`${explorer.few}#pair=nobody`)
    await page.locator('.notice', { hasText: 'no pair nobody' }).waitFor()
  })

  test("a cluster's link opens its pair in the explorer", async () => {
    await using opened = await explorer.open(explorer.few)
    const { page } = opened
    const link = page.locator('#changes a[href^="#pair-"]').first()
    const href = await link.getAttribute('href')
    await link.click()
    const id = href?.replace('#pair-', '') ?? 'no link'
    await page.locator('.opened .meta', { hasText: id }).first().waitFor()
    expect(await page.locator('.row[aria-selected="true"]').count()).toBe(1)
  })

  test('all pairs of a change are one link away, which a page without a script does not have', async () => {
    {
      await using opened = await explorer.open(explorer.few)
      const { page } = opened
      const link = page.locator(`#changes .explored a[href="#filter=cluster%3D${'f'.repeat(12)}"]`)
      await link.click()
      await page.locator('.count', { hasText: /^1 of 9.pairs$/ }).waitFor()
      await page.waitForFunction('document.getElementById("explorer").getBoundingClientRect().top < 450')
      expect(await titles(page)).toEqual([`≈ reason of ${idOf.again}`])
      expect(await page.getByLabel('Cluster').inputValue()).toBe('f'.repeat(12))
      await page.goBack()
      await page.locator('.count', { hasText: /^9 of 9.pairs$/ }).waitFor()
    }
    await using plain = await openPage(explorer.browser, explorer.few, { ...wide, javaScriptEnabled: false })
    expect(await plain.page.locator('#changes .explored').first().isVisible()).toBe(false)
  })

  test('a cluster that no pair is in is shown as asked for, and can be taken back', async () => {
    await using opened = await explorer.open(explorer.few)
    const { page } = opened
    const shown = () => page.getByLabel('Cluster').locator('option:checked').textContent()
    await filter(page).fill('cluster=nobody')
    expect(await shown()).toBe('nobody (0)')
    await filter(page).fill('')
    expect(await shown()).toBe('all')
  })

  test('back and forward', async () => {
    await using opened = await explorer.open(explorer.few)
    const { page } = opened
    await page.getByRole('button', { name: 'Regressed 2' }).click()
    await page.locator('.row').nth(1).click()
    expect(await title(page)).toBe('no answer')
    await page.goBack()
    expect(await title(page)).toMatch(/answer collapsed/)
    expect(await page.locator('.row').count()).toBe(2)
    await page.goBack()
    expect(await page.locator('.row').count()).toBe(9)
    await page.goForward()
    await page.goForward()
    expect(await title(page)).toBe('no answer')
    await page.reload()
    expect(await title(page)).toBe('no answer')
    expect(await filter(page).inputValue()).toBe('regressed')
  })

  test('the link to a pair can be copied', async () => {
    await using opened = await explorer.open(explorer.few, {
      ...wide,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const { page } = opened
    await page.keyboard.press('j')
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.locator('.notice', { hasText: 'is copied' }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/few\.html#pair=b81d04c2/)
  })
})
