// The picture of the browser that the README shows: the demo's run on the screen of a real terminal, made anew here.

import { expect, it } from 'vitest'
import { withDemo } from '../report/example/demo-report.ts'
import { goldenText } from '../support/golden.ts'
import { screenSvg } from '../support/screen-svg.ts'
import { startTerminal } from '../support/terminal.ts'

const picture = new URL('../../reports/example/browse.svg', import.meta.url)

it('reports/example/browse.svg is what the terminal shows of the demo', { timeout: 120_000 }, async () => {
  const svg = await withDemo(async ({ folder, config, store, env }) => {
    const args = ['browse', '--config', config, '--store', store, '--reviews', `${folder}/reviews.yaml`]
    const terminal = startTerminal([...args, '--where', 'task=prime'], {
      cwd: folder,
      env,
      columns: 120,
      rows: 32,
    })
    try {
      // All of a frame has come once the terminal may show it again.
      await terminal.until(
        (text) => text.includes('candidate  ') && !text.includes('reading …') && terminal.raw().endsWith('␛[?2026l'),
        'the first pair',
      )
      return screenSvg(
        terminal.cells(),
        'shadowgate browse on the demo: the worst pairs, and what differs in the first',
      )
    } finally {
      terminal.kill('SIGKILL')
    }
  })
  expect(goldenText(picture, svg) === svg, 'npm run golden writes reports/example/browse.svg anew').toBe(true)
})
