// The explorer of pairs as it is read: trees, texts, second answers, and by keys alone.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idOf } from '../report/fixture-explored.ts'
import { hasChromium } from '../support/chromium.ts'
import { filter, type OpenExplorer, openExplorer, title } from '../support/explorer.ts'

describe.skipIf(!hasChromium)('the explorer as it is read', () => {
  let explorer: OpenExplorer

  beforeAll(async () => {
    explorer = await openExplorer()
  })

  afterAll(() => explorer?.close())

  test('JSON is compared by structure, as text on demand; so are calls', async () => {
    await using opened = await explorer.open(`${explorer.few}#pair=${idOf.json}`)
    const { page } = opened
    expect(await page.locator('.opened > .tree').innerText()).toBe(
      '  {\n    "id": 1\n    "items": [\n      1\n−     2\n      3\n    ]\n−   "note": "the old one"\n+   "note": "the new one"\n  }',
    )
    expect(await page.locator('.opened > .tree del b').innerText()).toBe(' old')
    expect(await page.locator('.calls').innerText()).toMatch(
      /weather called with other arguments[^]*− {3}"city": "Paris"\n\+ {3}"city": "London"/,
    )
    await page.getByRole('button', { name: 'As JSON' }).click()
    expect(await page.locator('.opened > .tree').count()).toBe(0)
    expect(await page.locator('.opened .side.is-production .text').innerText()).toContain('```json')
  })

  test('one text or side by side, and it stays so for the next pair', async () => {
    await using opened = await explorer.open(`${explorer.few}#pair=${idOf.again}`)
    const { page } = opened
    expect(await page.locator('.opened .sides .text').count()).toBe(2)
    await page.keyboard.press('d')
    expect(await page.locator('.opened .inline .text').innerText()).toBe('one two three four')
    expect(await page.locator('.opened .inline del').innerText()).toBe(' three')
    await page.keyboard.press('k')
    await page.keyboard.press('j')
    expect(await page.locator('.opened .inline').count()).toBe(1)
  })

  test('a phone shows one text at first', async () => {
    await using opened = await explorer.open(`${explorer.few}#pair=${idOf.again}`, {
      viewport: { width: 400, height: 860 },
    })
    expect(await opened.page.locator('.opened .inline').count()).toBe(1)
  })

  test("production's second answer is compared with its first on demand", async () => {
    await using opened = await explorer.open(`${explorer.few}#pair=${idOf.again}`)
    const { page } = opened
    await page.getByRole('button', { name: 'second answer' }).click()
    expect(await page.locator('.again ins').innerText()).toBe(' five')
    await page.keyboard.press('j')
    expect(await page.locator('.again').count()).toBe(0)
  })

  test('keys', async () => {
    await using opened = await explorer.open(explorer.few)
    const { page } = opened
    const first = await title(page)
    await page.keyboard.press('j')
    const second = await title(page)
    expect(second).toBe('code edited')
    await page.keyboard.press('k')
    expect(await title(page)).toBe(first)
    await page.keyboard.press('G')
    expect(await title(page)).not.toBe(first)
    await page.keyboard.press('g')
    expect(await title(page)).toBe(first)
    await page.keyboard.press('Control+j')
    await page.keyboard.press('Alt+j')
    expect(await title(page)).toBe(first)
    await page.keyboard.press('/')
    await page.keyboard.type('jk')
    expect(await filter(page).inputValue()).toBe('jk')
    await page.keyboard.press('Escape')
    await filter(page).fill('')
    await page.keyboard.press('Escape')
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('listbox')
    await page.keyboard.press('ArrowDown')
    expect(await title(page)).toBe(second)
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.className')).toBe('opened')
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog').innerText()).toMatch(/newly refused, cut, JSON broken[^]*next pair/)
    await page.keyboard.press('j')
    await page.keyboard.press('Escape')
    expect(await title(page)).toBe(second)
  })

  test('n and N pass by what is the same', async () => {
    await using opened = await explorer.open(`${explorer.few}#filter=-improved&pair=${idOf.again}`)
    const { page } = opened
    await page.keyboard.press('n')
    expect(await page.locator('.row[aria-selected="true"]').getAttribute('aria-posinset')).toBe('8')
    await page.keyboard.press('N')
    expect(await title(page)).toBe(`reason of ${idOf.again}`)
  })
})
