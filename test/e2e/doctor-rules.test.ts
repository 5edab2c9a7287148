// What the doctor foresees of rules: those that no answer tells enough for.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, type ProjectOptions } from '../support/project.ts'
import { completion } from '../support/target.ts'

/** Of forty answers, as many tell their cached tokens as are said. */
function project(telling: number, config: ProjectOptions['config'] = {}): string {
  const nowhere = 'http://127.0.0.1:1/v1'
  const folder = createProject({ production: nowhere, candidate: nowhere, config })
  const lines = Array.from({ length: 40 }, (_, index) => {
    const { usage, ...response } = completion('an answer')
    const { prompt_tokens_details: details, ...tokens } = usage
    return JSON.stringify({
      request: { model: 'test-model', messages: [{ role: 'user', content: `Question ${index}?` }] },
      response: { ...response, usage: index < telling ? { ...tokens, prompt_tokens_details: details } : tokens },
    })
  })
  writeFileSync(join(folder, 'requests.jsonl'), `${lines.join('\n')}\n`)
  return folder
}

async function saidOf(folder: string): Promise<readonly { readonly grade: string; readonly says: string }[]> {
  const { stdout } = await runCli(['doctor', '--json', '--offline'], { cwd: folder })
  const { findings }: { findings: { check: string; grade: string; says: string }[] } = JSON.parse(stdout)
  return findings.filter(({ check }) => check === 'rules')
}

it('a rule that no answer of the log tells enough for is doubtful', async () => {
  expect(await saidOf(project(0))).toMatchObject([
    {
      grade: 'doubtful',
      says: 'cache-hit-rate blocks, and none of the 40 answers in the log tells how many of its tokens were cached',
    },
  ])
})

it('one answer that tells is enough, and a rule that is off asks for none', async () => {
  expect(await saidOf(project(1))).toEqual([])
  expect(await saidOf(project(0, { gate: { rules: [{ metric: 'cache-hit-rate', severity: 'off' }] } }))).toEqual([])
})
