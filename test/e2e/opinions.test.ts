// Thumbs of the log, beside what changed: from the captured line to verdict.json and the terminal.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { startAnswering } from '../support/target.ts'

it('thumbs say how many of the answers that users liked, and did not, have changed', async () => {
  const production = await startAnswering((number) => `The answer is ${number}.`)
  const candidate = await startAnswering((number) => `The answer is ${number % 3 === 0 ? number + 1 : number}.`)
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    config: { gate: { rules: withoutLatency, earlyStop: false }, replay: { noise: 1, warmUp: 0 } },
  })
  const thumbs = ['up', 'down', null]
  const lines = Array.from({ length: 90 }, (_, index) => {
    const request = { model: 'test-model', messages: [{ role: 'user', content: `Question ${index}?` }] }
    // Thirds by thirds: of those liked a third has changed, and so of the others.
    const thumb = thumbs[Math.floor(index / 30)]
    return `${JSON.stringify({ request, response: null, ...(thumb && { feedback: thumb }) })}\n`
  })
  writeFileSync(join(folder, 'requests.jsonl'), lines.join(''))
  const { opinions } = JSON.parse((await runCli(['run', '--json', '--yes'], { cwd: folder })).stdout)
  const counts = { candidate: { changed: 10, of: 30 }, noise: { changed: 0, of: 30 } }
  expect(opinions).toEqual({ liked: counts, disliked: counts })
  const told = (await runCli(['gate'], { cwd: folder })).stdout.replaceAll('\u00a0', ' ')
  expect(told).toContain(
    'Of the answers that users liked, 10 of 30 changed (33.3 %; production against itself: 0 of 30)',
  )
  expect(told).toContain('it says where to look, and decides nothing')
})
