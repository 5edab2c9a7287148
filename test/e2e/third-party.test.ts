// A mock LLM server that others wrote (@copilotkit/aimock) in the place of both targets.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LLMock } from '@copilotkit/aimock'
import { expect, it, onTestFinished } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, query, withoutLatency } from '../support/project.ts'

async function startMock(answer: string): Promise<string> {
  const mock = new LLMock({ port: 0 })
  mock.onMessage(/Question/, { content: answer })
  await mock.start()
  onTestFinished(() => mock.stop())
  return `${mock.url}/v1`
}

it.each([{ stream: false }, { stream: true }])(
  'runs to a verdict against aimock, stream: $stream',
  async ({ stream }) => {
    const production = await startMock('The refund takes thirty days and needs the receipt.')
    const candidate = await startMock("I'm sorry, but I can't help with that request.")
    const folder = createProject({
      production,
      candidate,
      records: 120,
      stream,
      config: { gate: { rules: [...withoutLatency, { metric: 'cache-hit-rate', severity: 'off' }] } },
    })
    const result = await runCli(['run', '--json'], { cwd: folder })
    expect(result.stderr).not.toMatch(/error\[/)
    const verdict = JSON.parse(result.stdout)
    const refused = verdict.findings.find((finding: { metric: string }) => finding.metric === 'refused')
    expect(refused).toMatchObject({ outcome: 'fail', production: 0, candidate: 1, pairs: 120 })
    expect(verdict.counts.calls.candidate).toMatchObject({ calls: 240, reply: 240 })
    // A candidate that refuses everything never opens the canary.
    expect({ decision: verdict.decision, held: verdict.held, status: result.status }).toEqual({
      decision: 'INCONCLUSIVE',
      held: false,
      status: 2,
    })
    expect(verdict.flags.join()).toContain('refused: different')
    const [streamed] = await query(
      join(folder, 'store.duckdb'),
      'SELECT count(first_token_ms) AS n, count(*) AS all FROM attempt',
    )
    expect(streamed?.['n']).toBe(stream ? streamed?.['all'] : '0')
    expect(readFileSync(join(folder, 'reports', verdict.run.id, 'report.html'), 'utf8')).toContain(verdict.decision)
  },
)

it.each([
  {
    api: 'anthropic-messages',
    below: '/v1',
    body: (text: string) => ({
      model: 'claude',
      max_tokens: 100,
      system: 'Be brief.',
      messages: [{ role: 'user', content: [{ type: 'text', text }] }],
    }),
  },
  {
    api: 'gemini-generate-content',
    below: '/v1beta',
    body: (text: string) => ({
      contents: [{ role: 'user', parts: [{ text }] }],
      generationConfig: { maxOutputTokens: 100 },
    }),
  },
  {
    api: 'openai-responses',
    below: '/v1',
    body: (text: string) => ({ model: 'gpt', input: text, instructions: 'Be brief.' }),
  },
])('asks $api in its own words', async ({ api, below, body }) => {
  const production = (await startMock('The refund takes thirty days and needs the receipt.')).replace(/\/v1$/, below)
  const candidate = (await startMock('Thirty days; bring the receipt.')).replace(/\/v1$/, below)
  const folder = createProject({ production, candidate, target: { api } })
  const lines = Array.from({ length: 70 }, (_, index) =>
    JSON.stringify({ request: body(`Question ${index}?`), response: null }),
  )
  writeFileSync(join(folder, 'requests.jsonl'), lines.join('\n'))
  const result = await runCli(['run', '--json'], { cwd: folder })
  const { counts } = JSON.parse(result.stdout)
  expect(counts.calls.production).toMatchObject({ calls: 140, reply: 140 })
  expect(counts.calls.candidate).toMatchObject({ calls: 140, reply: 140 })
  const texts = await query(join(folder, 'store.duckdb'), 'SELECT DISTINCT arm, text FROM attempt ORDER BY arm')
  expect(texts).toEqual([
    { arm: 'candidate', text: 'Thirty days; bring the receipt.' },
    { arm: 'production', text: 'The refund takes thirty days and needs the receipt.' },
  ])
})
