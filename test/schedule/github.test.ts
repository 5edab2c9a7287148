// The workflow: read by GitHub's own parser, and its steps run with the action's real scripts.

import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { github } from '../../src/schedule/github.ts'
import type { Job } from '../../src/schedule/job.ts'
import { type Action, type RanAction, runAction, type Step } from '../support/composite-action.ts'
import { actionFolder } from '../support/gate-script.ts'
import { jobWith } from '../support/job.ts'
import { createProject } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'
import { workflowErrors } from '../support/workflow-parser.ts'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const action: Action = parse(readFileSync(join(actionFolder, 'action.yml'), 'utf8'))

const textOf = (job: Job) => github.files(job)[0]?.text ?? ''
const stepsOf = (job: Job): readonly Step[] => parse(textOf(job)).jobs.night.steps

it.each([
  ['with a time zone', jobWith()],
  ['in UTC', jobWith({ timeZone: null })],
  ['without keys', jobWith({ variables: [] })],
  [
    'with two folders and odd names',
    jobWith({ config: 'a: "night".yaml', writes: ['/srv/chat/store', '/srv/chat/out'] }),
  ],
])('is a workflow for GitHub’s own parser: %s', (_, job) => {
  expect(workflowErrors(textOf(job))).toEqual([])
})

it('a key that is none is seen by that parser', () => {
  expect(workflowErrors(textOf(jobWith()).replace('timeout-minutes', 'timeout-hours'))).not.toEqual([])
})

it('gives the gate inputs that it has, keys as secrets, and to the cache what outlives the runner', () => {
  const gate = stepsOf(jobWith()).find(({ uses }) => uses?.includes('.github/actions/gate@'))
  for (const name of Object.keys(gate?.with ?? {})) expect(Object.keys(action.inputs)).toContain(name)
  expect(gate?.env).toEqual({ PROD_KEY: '${{ secrets.PROD_KEY }}', CAND_KEY: '${{ secrets.CAND_KEY }}' })
  const caches = stepsOf(jobWith()).filter(({ uses }) => uses?.startsWith('actions/cache/'))
  expect(caches.map((step) => step.with?.['path'])).toEqual(['reports\n', 'reports\n'])
  for (const { uses } of stepsOf(jobWith())) expect(uses ?? `@${'0'.repeat(40)}`).toMatch(/@[0-9a-f]{40}$|@v9\.9\.9$/)
})

it('knows where the project stands in its repository', () => {
  const job = jobWith({ repository: '/srv' })
  const gate = stepsOf(job).find(({ uses }) => uses?.includes('.github/actions/gate@'))
  expect(gate?.with).toMatchObject({ 'working-directory': 'chat', config: 'shadowgate.yaml' })
  const caches = stepsOf(job).filter(({ uses }) => uses?.startsWith('actions/cache/'))
  expect(caches.map((step) => step.with?.['path'])).toEqual(['chat/reports\n', 'chat/reports\n'])
})

describe('a night on the runner', { timeout: 120_000 }, () => {
  it('is green after a verdict, after nothing new too, and red where nothing could be judged', async () => {
    const [production, candidate] = await Promise.all(
      ['A long answer, with all that was asked for', 'No'].map((word) =>
        startTarget(({ body }, response) =>
          sendJson(response, 200, completion(`${word}: ${body.messages[0]?.content}`)),
        ),
      ),
    )
    const workspace = createProject({
      production: production?.url ?? '',
      candidate: candidate?.url ?? '',
      records: 100,
      config: {
        sample: { since: 'lastRun' },
        gate: { extends: 'none', rules: [{ metric: 'text-similarity', margin: '10%', severity: 'block' }] },
      },
    })
    const bin = join(workspace, 'node_modules', '.bin', 'shadowgate')
    mkdirSync(dirname(bin), { recursive: true })
    chmodSync(cli, 0o755)
    symlinkSync(cli, bin)
    const night = (config: string): Promise<RanAction> => {
      const job = jobWith({ folder: workspace, repository: workspace, config, writes: [join(workspace, 'reports')] })
      const gate = stepsOf(job).find(({ uses }) => uses?.includes('.github/actions/gate@'))
      const given = Object.entries(gate?.with ?? {}).map(([name, value]) => [name, String(value)])
      return runAction(action, {
        workspace,
        actionPath: actionFolder,
        // There is no registry to install it from.
        inputs: { ...Object.fromEntries(given), version: 'local' },
        env: { GITHUB_REPOSITORY: 'o/r' },
        github: { token: 'ghs_test', server_url: 'https://forge.example', repository: 'o/r', run_id: '9' },
        others: { upload: { 'artifact-url': 'https://forge.example/artifact/1' } },
      })
    }
    const first = await night('shadowgate.yaml')
    expect(first.outputs['decision'], first.log).toBe('NO-GO')
    expect(first.status).toBe(0)
    const second = await night('shadowgate.yaml')
    expect(second.outputs).toMatchObject({ status: '4', decision: '' })
    expect(second.status, second.log).toBe(0)
    expect(second.summary).toContain('## Nothing new')
    expect(second.log).toContain('::notice title=Nothing new::')
    const broken = await night('nowhere.yaml')
    expect(broken.outputs['status']).toBe('65')
    expect(broken.status).toBe(65)
  })
})
