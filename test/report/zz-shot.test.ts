import { writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { test } from 'vitest'
import { formats } from '../../src/report/index.ts'
import { reportInput } from './fixture.ts'

test('render', async () => {
  for (const f of formats) writeFileSync(`/tmp/sgr/${f.file}`, f.render(reportInput()))
  const b = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  for (const [w, h, scheme] of [
    [1400, 900, 'light'],
    [1400, 900, 'dark'],
    [900, 900, 'light'],
    [400, 860, 'light'],
  ] as const) {
    const p = await b.newPage({ viewport: { width: w, height: h }, colorScheme: scheme })
    await p.goto('file:///tmp/sgr/report.html')
    await p.screenshot({ path: `/tmp/sgr/s-${w}-${scheme}.png` })
    await p.screenshot({ path: `/tmp/sgr/f-${w}-${scheme}.png`, fullPage: true })
    const full = (await p.evaluate('document.documentElement.scrollHeight')) as number
    for (let y = 0, i = 0; y < full; y += 1300, i++)
      await p.screenshot({
        path: `/tmp/sgr/t-${w}-${scheme}-${i}.png`,
        fullPage: true,
        clip: { x: 0, y, width: w, height: Math.min(1300, full - y) },
      })
    await p.close()
  }
  await b.close()
}, 60000)
