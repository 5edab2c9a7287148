// A router with two servers behind it, as its operators see it: its terminal, and its door.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { runCli, temporaryFolder } from './cli.ts'
import { type Answer, completion, sendJson, startTarget } from './target.ts'

interface Setting {
  readonly production?: Answer
  readonly candidate?: Answer
  readonly canary?: object
  readonly targets?: object
  readonly env?: Readonly<Record<string, string>>
}

export const healthy: Answer = (_, response) => sendJson(response, 200, completion('Hello.', { cached: 4 }))
export const failing: Answer = (_, response) => sendJson(response, 500, { error: { message: 'no' } })

/** Everybody's candidate is asked about half of them, and nothing moves. Stopped when the test ends. */
export async function openRouter({
  production = healthy,
  candidate = healthy,
  canary = {},
  targets = {},
  env = {},
}: Setting) {
  const servers = { production: await startTarget(production), candidate: await startTarget(candidate) }
  const folder = temporaryFolder()
  const target = (arm: keyof typeof servers, model: string) => ({
    baseUrl: servers[arm].url,
    model,
    timeoutMs: 5000,
    ...targets,
  })
  const config = {
    store: 'store.duckdb',
    logs: [{ path: 'log.jsonl' }],
    targets: {
      production: { ...target('production', 'now') },
      candidate: { ...target('candidate', 'next'), ...('keyFrom' in targets && { keyFrom: { env: 'CAND_KEY' } }) },
    },
    canary: {
      port: 0,
      admin: { port: 0 },
      evaluateEverySeconds: 0.2,
      stages: [{ share: 1, minMinutes: 1000, minRequests: 1000 }],
      ...canary,
    },
  }
  writeFileSync(join(folder, 'shadowgate.yaml'), stringify(config))
  const started = await new Promise<{
    base: string
    adminPort: number
    stop: () => void
    over: ReturnType<typeof runCli>
  }>((resolve, reject) => {
    const over = runCli(['serve', '--override', 'a test'], {
      cwd: folder,
      env: { OTEL_BSP_SCHEDULE_DELAY: '20', ...env },
      onStart: (child) => {
        let said = ''
        child.stdout?.on('data', (text: string) => {
          said += text
          const [, base, adminPort] = /^(http:\S+) .*127\.0\.0\.1:(\d+)\n/.exec(said) ?? []
          if (base === undefined) return
          resolve({ base, adminPort: Number(adminPort), stop: () => void child.kill('SIGTERM'), over })
        })
      },
    })
    void over.then(({ stderr }) => reject(new Error(`it ended before it listened: ${stderr}`)))
  })
  onTestFinished(started.stop)
  const door = JSON.parse(readFileSync(join(folder, 'reports/canary.journal.jsonl.door'), 'utf8')) as { token: string }
  const metrics = async () => {
    const headers = { authorization: `Bearer ${door.token}` }
    return (await fetch(`http://127.0.0.1:${started.adminPort}/metrics`, { headers })).text()
  }
  return { ...started, ...servers, folder, metrics, token: door.token }
}

export function askRouter(
  base: string,
  headers: Record<string, string> = {},
  path = '/v1/chat/completions',
  content = 'Hi',
) {
  return fetch(`${base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user-id': 'ada', ...headers },
    body: JSON.stringify({ model: 'now', messages: [{ role: 'user', content }], temperature: 0.5 }),
  })
}
