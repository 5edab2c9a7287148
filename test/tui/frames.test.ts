// Frames as they are drawn: golden text for each size, tab and list.

import { renderToString } from 'ink'
import { createElement } from 'react'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { Drawn } from '../../src/tui/view/screen.tsx'
import { goldenText } from '../support/golden.ts'
import { browserOf, typed } from './fixture.ts'

async function drawn(columns: number, rows: number, keys: readonly string[] = []): Promise<string> {
  const { browser, type } = browserOf()
  browser.resize(columns, rows)
  await type()
  for (const key of keys) await type(key)
  return `${renderToString(createElement(Drawn, { frame: browser.frame(), columns, rows }), { columns })}\n`
}

describe('a frame', () => {
  it.each<[string, number, number, string[]]>([
    ['first', 80, 24, []],
    ['words', 80, 24, ['G', 'k', 'k', 'k', 'k', 'k']],
    ['side-by-side', 160, 24, ['j', 'j', 'j']],
    ['not-side-by-side', 160, 24, ['j', 'j', 'j', 'd']],
    ['json', 110, 24, ['j', 'j', 'j', 'j']],
    ['tools', 100, 24, ['j', 'j', 'j', 'j', 'j']],
    ['wide-characters', 80, 24, ['j', 'j', 'j', 'j', 'j', 'j']],
    ['hostile', 100, 30, ['G', 'k']],
    ['request', 80, 24, ['2']],
    ['metrics', 80, 24, ['3']],
    ['noise', 80, 24, ['4']],
    ['no-noise', 80, 24, ['j', '4']],
    ['raw', 80, 24, ['5']],
    ['clusters', 80, 24, ['t']],
    ['clusters-decided', 100, 24, ['t', 'c', 'o', 'k', 'enter', 'a', 'r', 'u', 'k', 'k', 'k']],
    ['help', 80, 24, ['?']],
    ['help-end', 80, 24, ['?', 'G']],
    ['help-wide', 160, 30, ['?']],
    ['filter', 80, 24, ['/', ...typed('similarity<0.9 tsk=prime')]],
    ['decided', 120, 30, ['a', 'r', 'u']],
    ['nothing', 80, 24, ['/', ...typed('pair=none'), 'enter']],
    ['small', 60, 12, []],
  ])('%s', async (name, columns, rows, keys) => {
    const frame = await drawn(columns, rows, keys)
    expect(frame).toBe(goldenText(new URL(`golden/${name}.txt`, import.meta.url), frame))
    const lines = frame.trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(rows)
    for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns)
    // oxlint-disable-next-line no-control-regex -- it is what must not be there
    expect(frame).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  })

  it('keeps to every size', async () => {
    for (const columns of [80, 97, 131, 203]) {
      for (const rows of [24, 25, 50]) {
        const lines = (await drawn(columns, rows, ['j', 'j', 'j'])).replace(/\n$/, '').split('\n')
        expect(lines.length).toBe(rows)
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns)
      }
    }
  })
})
