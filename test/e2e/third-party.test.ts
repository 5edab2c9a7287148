// A mock LLM server that others wrote (@copilotkit/aimock) in the place of both targets.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LLMock } from '@copilotkit/aimock'
import { expect, it, onTestFinished } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'

async function startMock(answer: string): Promise<string> {
  const mock = new LLMock({ port: 0 })
  mock.onMessage(/Question/, { content: answer })
  await mock.start()
  onTestFinished(() => mock.stop())
  return `${mock.url}/v1`
}

it.each([{ stream: false }, { stream: true }])(
  'runs to a verdict against aimock, stream: $stream',
  { timeout: 60_000 },
  async ({ stream }) => {
    const production = await startMock('The refund takes thirty days and needs the receipt.')
    const candidate = await startMock("I'm sorry, but I can't help with that request.")
    const folder = createProject({
      production,
      candidate,
      records: 120,
      stream,
      config: { gate: { rules: [{ metric: 'cache-hit-rate', severity: 'off' }] } },
    })
    const result = await runCli(['run', '--json'], { cwd: folder })
    expect(result.stderr).not.toMatch(/error\[/)
    const verdict = JSON.parse(result.stdout)
    const refused = verdict.findings.find((finding: { metric: string }) => finding.metric === 'refused')
    expect(refused).toMatchObject({ outcome: 'fail', production: 0, candidate: 1, pairs: 120 })
    expect(verdict.counts.calls.candidate).toMatchObject({ calls: 120, reply: 120 })
    expect(['GO', 'NO-GO', 'INCONCLUSIVE']).toContain(verdict.decision)
    expect(result.status).toBe({ GO: 0, 'NO-GO': 1, INCONCLUSIVE: 2 }[verdict.decision as 'GO'])
    const [streamed] = await query(
      join(folder, 'store.duckdb'),
      'SELECT count(first_token_ms) AS n, count(*) AS all FROM attempt',
    )
    expect(streamed?.['n']).toBe(stream ? streamed?.['all'] : '0')
    expect(readFileSync(join(folder, 'reports', verdict.run.id, 'report.html'), 'utf8')).toContain(verdict.decision)
  },
)
