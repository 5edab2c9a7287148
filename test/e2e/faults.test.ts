// What the user can mend ends in one clear message, the right exit status and an untouched store.

import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const good = () => startTarget((_request, response) => sendJson(response, 200, completion('an answer')))

async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}/v1`
}

interface Case {
  readonly name: string
  /** Prepares a project with a mistake in it. */
  readonly make: () => Promise<{ folder: string; args?: string[]; env?: Record<string, string> }>
  readonly status: number
  readonly says: readonly string[]
  /** Whether the run may have begun before the fault shows. */
  readonly touches?: boolean
}

const healthy = async (options: Partial<Parameters<typeof createProject>[0]> = {}) => {
  const target = await good()
  return createProject({
    production: target.url,
    candidate: target.url,
    records: 20,
    config: { gate: { rules: withoutLatency } },
    ...options,
  })
}

/** The same, with a run in its store, made before its mistake was. */
const ranOnce = async (options: Partial<Parameters<typeof createProject>[0]>) => {
  const target = await good()
  const folder = createProject({ production: target.url, candidate: target.url, records: 20 })
  await runCli(['run'], { cwd: folder })
  const broken = createProject({ production: target.url, candidate: target.url, records: 20, ...options })
  cpSync(join(folder, 'store.duckdb'), join(broken, 'store.duckdb'))
  return broken
}

const cases: readonly Case[] = [
  {
    name: 'a target that is down',
    make: async () => ({ folder: await ranOnce({ candidate: await closedPort() }) }),
    status: 69,
    says: ['error[TARGET_UNREACHABLE]', 'candidate', 'ECONNREFUSED'],
  },
  {
    name: 'a target that answers 503',
    make: async () => {
      const down = await startTarget(() => {}, {
        models: (response) => sendJson(response, 503, { error: { message: 'maintenance' } }),
      })
      return { folder: await ranOnce({ production: down.url }) }
    },
    status: 69,
    says: ['error[TARGET_UNREACHABLE]', 'production', '503', 'maintenance'],
  },
  {
    name: 'a wrong key',
    make: async () => {
      const strict = await startTarget(() => {}, {
        models: (response) =>
          sendJson(response, 401, { error: { message: 'Incorrect API key provided', code: 'invalid_api_key' } }),
      })
      const folder = await ranOnce({ candidate: strict.url, target: { keyFrom: { env: 'TEST_KEY' } } })
      return { folder, env: { TEST_KEY: 'sk-wrong-0123456789abcdef0123' } }
    },
    status: 69,
    says: ['error[KEY_REFUSED]', 'candidate', 'TEST_KEY', '401'],
  },
  {
    name: 'a key that is not set',
    make: async () => ({ folder: await ranOnce({ target: { keyFrom: { env: 'UNSET_KEY' } } }) }),
    status: 69,
    says: ['error[KEY_MISSING]', 'UNSET_KEY'],
  },
  {
    name: 'a typo in the config',
    make: async () => ({ folder: await ranOnce({ config: { sampel: { size: 5 } } }) }),
    status: 65,
    says: ['error[BAD_CONFIG]', 'shadowgate.yaml:', 'sampel', 'did you mean "sample"?'],
  },
  {
    name: 'a metric that is not there',
    make: async () => ({
      folder: await ranOnce({
        config: { gate: { rules: [{ metric: 'latncy-p50', margin: '20%', severity: 'block' }] } },
      }),
    }),
    status: 65,
    says: ['error[BAD_POLICY]', 'gate.rules[0].metric', 'did you mean "latency-p50"?'],
  },
  {
    name: 'no config',
    make: async () => ({ folder: await ranOnce({}), args: ['run', '--config', 'other.yaml'] }),
    status: 65,
    says: ['error[CONFIG_MISSING]', 'other.yaml', 'shadowgate init'],
  },
  {
    name: 'an unknown flag',
    make: async () => ({ folder: await ranOnce({}), args: ['run', '--smaple-size', '3'] }),
    status: 64,
    says: ['error[USAGE]', '--sample-size'],
  },
  {
    name: 'an unknown command',
    make: async () => ({ folder: await ranOnce({}), args: ['rnu'] }),
    status: 64,
    says: ['error[USAGE]', 'run'],
  },
  {
    name: 'a missing log',
    make: async () => ({ folder: await ranOnce({ config: { logs: [{ path: 'gone/*.jsonl' }] } }) }),
    status: 65,
    says: ['error[LOG_MISSING]', 'gone/*.jsonl'],
  },
  {
    name: 'a segment key that no record has',
    make: async () => ({ folder: await ranOnce({ config: { gate: { segments: ['party'] } } }) }),
    status: 65,
    says: ['error[BAD_POLICY]', 'did you mean "parity"?'],
    touches: true,
  },
  {
    name: 'a path that the server does not know',
    make: async () => {
      const lost = await startTarget((_request, response) =>
        sendJson(response, 404, { error: { message: 'no such page' } }),
      )
      return { folder: await ranOnce({ candidate: lost.url, records: 200 }) }
    },
    status: 69,
    says: ['error[TARGET_UNREACHABLE]', 'candidate', 'HTTP 404: no such page', '25 calls in a row'],
    touches: true,
  },
  {
    name: 'a folder that is not there, for init',
    make: async () => ({ folder: await ranOnce({}), args: ['init', '--config', 'no/such/shadowgate.yaml'] }),
    status: 65,
    says: ['error[CONFIG_UNWRITABLE]', 'no/such/shadowgate.yaml'],
  },
  {
    name: 'a log that nothing recognises',
    make: async () => {
      const folder = await ranOnce({ config: { logs: [{ path: 'noise.log' }] } })
      writeFileSync(join(folder, 'noise.log'), 'Nov 23 02:30:00 host sshd[1]: hello\n'.repeat(5))
      return { folder }
    },
    status: 65,
    says: ['error[LOG_UNKNOWN]', 'noise.log'],
  },
  {
    name: 'a store that is no store',
    make: async () => {
      const folder = await ranOnce({ config: { store: 'broken.duckdb' } })
      writeFileSync(join(folder, 'broken.duckdb'), 'this is not a database, whatever its name says')
      return { folder }
    },
    status: 65,
    says: ['error[STORE_UNUSABLE]', 'broken.duckdb'],
  },
  {
    name: 'a report folder that is a file',
    make: async () => {
      const folder = await ranOnce({ config: { report: { dir: 'taken' } } })
      writeFileSync(join(folder, 'taken'), '')
      return { folder }
    },
    status: 65,
    says: ['error[REPORT_UNWRITABLE]', 'taken'],
  },
]

describe('each fault', () => {
  it.each(cases)('$name ends in $status', async ({ make, status, says, touches }) => {
    const { folder, args = ['run'], env = {} } = await make()
    const store = join(folder, 'store.duckdb')
    const before = digest(store)
    expect(before, 'there is a store to leave alone').not.toBeNull()
    const result = await runCli(args, { cwd: folder, env })
    expect(result.status, result.stderr).toBe(status)
    for (const words of says) expect(result.stderr).toContain(words)
    expect(result.stderr.match(/error\[/g), 'one message').toHaveLength(1)
    expect(result.stderr, 'no stack').not.toMatch(/^\s+at /m)
    expect(result.stderr + result.stdout).not.toContain('sk-wrong')
    expect(result.stdout).toBe('')
    if (!touches) expect(digest(store), 'the store is untouched').toBe(before)
  })

  it('leaves a store that holds runs as it was', async () => {
    const folder = await healthy()
    expect((await runCli(['run'], { cwd: folder })).status).toBe(2)
    const before = digest(join(folder, 'store.duckdb'))
    const config = readFileSync(join(folder, 'shadowgate.yaml'), 'utf8')
    writeFileSync(join(folder, 'shadowgate.yaml'), config.replace('requests.jsonl', 'gone.jsonl'))
    expect((await runCli(['run'], { cwd: folder })).status).toBe(65)
    writeFileSync(
      join(folder, 'shadowgate.yaml'),
      config.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${new URL(await closedPort()).port}`),
    )
    expect((await runCli(['run'], { cwd: folder })).status).toBe(69)
    expect(digest(join(folder, 'store.duckdb'))).toBe(before)
  })

  it('an unreadable folder in the log’s place is named', async () => {
    const folder = await healthy({ config: { logs: [{ path: 'empty' }] } })
    mkdirSync(join(folder, 'empty'))
    const result = await runCli(['run'], { cwd: folder })
    expect(result.status).toBe(65)
    expect(result.stderr).toContain('error[LOG_MISSING]')
  })
})

function digest(file: string): string | null {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : null
}
