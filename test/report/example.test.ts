// The demo's report in every format, as `reports/example/` shows it: made anew here, byte for byte.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { formats } from '../../src/report/index.ts'
import { hasChromium, sayWithoutChromium, startChromium } from '../support/chromium.ts'
import { goldenText } from '../support/golden.ts'
import { demoReport } from './example/demo-report.ts'

const example = (file: string) => new URL(`../../reports/example/${file}`, import.meta.url)
const isUpdating = process.env['UPDATE_GOLDEN'] === '1'
const [page, picture] = ['report.html', 'report.png']

if (isUpdating) sayWithoutChromium(`the picture reports/example/${picture}`)

let files: ReadonlyMap<string, string>
/** Each browser draws a little differently: the same page is not to have another picture from every machine. */
let isPictureOld = false

beforeAll(async () => {
  files = await demoReport()
  const shown = existsSync(example(page)) ? readFileSync(example(page), 'utf8') : null
  isPictureOld = shown !== files.get(page) || !existsSync(example(picture))
})

test.each(formats)('reports/example/$file is what the demo writes', ({ file }) => {
  const text = files.get(file) ?? ''
  // Not `toBe`: a difference in half a megabyte is git's to show.
  expect(goldenText(example(file), text) === text, `npm run golden writes reports/example/${file} anew`).toBe(true)
})

test('made again, it is the same', async () => {
  const again = await demoReport()
  for (const [file, text] of files) expect(again.get(file) === text, file).toBe(true)
})

test.runIf(isUpdating && hasChromium)('takes the picture of the first screen where the page has changed', async () => {
  if (isPictureOld) await takePicture()
  const png = readFileSync(example(picture))
  // A PNG begins with its width and height; what it shows is the page's test to keep.
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1400, 900])
})

async function takePicture(): Promise<void> {
  const browser = await startChromium()
  try {
    const opened = await browser.newPage({ viewport: { width: 1400, height: 900 } })
    await opened.goto(example(page).href)
    await opened.screenshot({ path: fileURLToPath(example(picture)) })
  } finally {
    await browser.close()
  }
}
