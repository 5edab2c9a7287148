// A migration before it is paid for: against servers that refuse in the words of the real ones, before the patch and after it.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { query } from '../support/project.ts'
import { asGpt5, asOpus46, type Body, type Refusal, startProvider } from '../support/refusing-provider.ts'
import { completion } from '../support/target.ts'

const user = (place: number) => ({ role: 'user', content: `Question ${place}?` })

interface Shop {
  readonly api?: string
  readonly model: string
  readonly bodies: readonly object[]
  readonly refuse: (body: Body) => Refusal
  readonly answer: unknown
  readonly target?: object
  readonly config?: object
}

/** A folder with an ingested log, and a config whose comments are the user's. */
async function openShop({ api = 'openai-chat', model, bodies, refuse, answer, target, config }: Shop) {
  const provider = await startProvider(refuse, answer)
  const folder = temporaryFolder()
  const response = api === 'openai-chat' ? completion('then', { output: 50 }) : message
  const lines = bodies.map((request) => JSON.stringify({ request, response }))
  writeFileSync(join(folder, 'requests.jsonl'), lines.join('\n'))
  const targets = {
    production: { api, baseUrl: provider.url, model: 'now', timeoutMs: 2000, retries: 0 },
    candidate: { api, baseUrl: provider.url, model, timeoutMs: 2000, retries: 0, ...target },
  }
  const text = stringify({
    store: 'store.duckdb',
    logs: [{ path: 'requests.jsonl' }],
    targets,
    replay: { noise: 0, warmUp: 0, salt: false },
    ...config,
  })
  writeFileSync(
    join(folder, 'shadowgate.yaml'),
    `# ours\n${text.replace('  candidate:', '  candidate: # who may come')}`,
  )
  const run = (...args: string[]) => runCli(args, { cwd: folder })
  expect((await run('ingest')).stderr).not.toContain('error[')
  return { provider, folder, run, file: () => readFileSync(join(folder, 'shadowgate.yaml'), 'utf8') }
}

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-4-6',
  content: [{ type: 'text', text: 'fine' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 20, output_tokens: 5 },
}

const chats = [
  ...Array.from({ length: 6 }, (_, place) => ({
    model: 'gpt-4o',
    messages: [user(place)],
    max_tokens: 100 + place,
    temperature: 0,
  })),
  ...Array.from({ length: 3 }, (_, place) => ({ model: 'gpt-4o', messages: [user(10 + place)] })),
]
const toGpt5 = { model: 'gpt-5', bodies: chats, refuse: asGpt5, answer: completion('fine') }

describe('from a chat model to one that reasons', () => {
  it('says what would be refused, why and whence it is known, and sends nothing', async () => {
    const { provider, run, file } = await openShop(toGpt5)
    const before = file()
    const told = await run('migrate')
    expect(told.status, told.stderr).toBe(1)
    expect(told.stdout).toContain('9 records in 2 shapes, for gpt-5 by openai-chat')
    expect(told.stdout).toMatch(
      /✗ 6 records · openai-chat · max_tokens, temperature · roles user · e\.g\. [0-9a-f]{24}/,
    )
    expect(told.stdout).toContain('https://github.com/griptape-ai/ComfyUI-Griptape/issues/312')
    expect(told.stdout).toContain('max_tokens: max_completion_tokens')
    expect(told.stdout).toContain('3 of 9 records would be taken, as far as is known; with these settings 9.')
    expect(file()).toBe(before)
    expect(provider.requests).toHaveLength(0)
    const json = JSON.parse((await run('migrate', '--json')).stdout)
    expect(json).toMatchObject({ candidate: { model: 'gpt-5' }, written: null, tried: null, leftOut: 0 })
    expect(json.shapes[0]).toMatchObject({
      records: 6,
      findings: [{ rule: 'openai-reasoning-max-tokens' }, { rule: 'openai-reasoning-temperature' }],
    })
    expect(json.patch.rename).toMatchObject([{ field: 'max_tokens', to: 'max_completion_tokens', records: 6 }])
  })

  it('--write mends the config with its comments kept, and the replay is then taken', async () => {
    const { provider, run, file, folder } = await openShop(toGpt5)
    await run('run', '--exit-zero', '--yes')
    // The rejections of the unpatched run, in the provider's own words.
    const refused = await query(
      join(folder, 'store.duckdb'),
      "SELECT count(*)::INT AS n FROM attempt WHERE arm = 'candidate' AND outcome = 'rejected'",
    )
    expect(refused).toEqual([{ n: 6 }])
    const written = await run('migrate', '--write')
    expect(written.status, written.stderr).toBe(0)
    expect(written.stdout).toContain('+      max_tokens: max_completion_tokens')
    expect(file()).toContain('# ours')
    expect(file()).toContain('# who may come')
    const settled = await run('migrate')
    expect(settled.status).toBe(0)
    expect(settled.stdout).toContain('9 of 9 records would be taken')
    const sent = provider.requests.length
    await run('run', '--exit-zero', '--yes')
    const again = provider.requests.slice(sent).filter(({ model }) => model === 'gpt-5')
    // Each request with its own limit.
    expect(
      again
        .map((body) => body['max_completion_tokens'])
        .filter(Boolean)
        .toSorted((a, b) => Number(a) - Number(b)),
    ).toEqual([100, 101, 102, 103, 104, 105])
    expect(again.every((body) => body['max_tokens'] === undefined && body['temperature'] === undefined)).toBe(true)
    const [stored] = await query(
      join(folder, 'store.duckdb'),
      "SELECT manifest->'$.targets.candidate.rename' AS rename FROM run ORDER BY id DESC LIMIT 1",
    )
    expect(JSON.parse(String(stored?.['rename']))).toEqual({ max_tokens: 'max_completion_tokens' })
    const verified = await run('verify')
    expect(verified.status, verified.stderr).toBe(0)
  })

  it('--try asks the candidate alone, once for each shape, patched, and stores nothing', async () => {
    const { provider, run, folder } = await openShop(toGpt5)
    const told = await run('migrate', '--try', '--json')
    expect(told.status, told.stderr).toBe(0)
    expect(JSON.parse(told.stdout).tried).toMatchObject([
      { records: 6, isAccepted: true, said: 'stopped: end', tokens: { input: 20, output: 5 } },
      { records: 3, isAccepted: true },
    ])
    expect(provider.requests.map(({ model }) => model)).toEqual(['gpt-5', 'gpt-5'])
    expect(provider.requests.every((body) => body['max_tokens'] === undefined)).toBe(true)
    const rows = await query(
      join(folder, 'store.duckdb'),
      'SELECT (SELECT count(*) FROM attempt)::INT AS attempts, (SELECT count(*) FROM run)::INT AS runs',
    )
    expect(rows).toEqual([{ attempts: 0, runs: 0 }])
  })

  it('--try shows a refusal that no rule knows of in its own words', async () => {
    // A model by a name that says nothing.
    const { run } = await openShop({ ...toGpt5, model: 'our-deployment' })
    expect((await run('migrate')).status).toBe(0)
    const told = await run('migrate', '--try', '--shapes', '1')
    expect(told.status).toBe(1)
    expect(told.stdout).toContain(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead. (HTTP 400)",
    )
    // The rules know nothing of it: what the candidate said must have the last word.
    expect(told.stdout.trimEnd().split('\n').at(-1)).toBe(
      'The candidate was asked 1 shape; it refused 1, 6 records: what it said stands above.',
    )
  })

  it('what hangs on a default that nobody told is neither taken nor refused', async () => {
    const { run } = await openShop({
      ...toGpt5,
      model: 'gpt-5.2',
      target: { rename: { max_tokens: 'max_completion_tokens' } },
    })
    const told = await run('migrate')
    expect(told.status).toBe(0)
    expect(told.stdout).toContain('? 6 records')
    expect(told.stdout).toContain('- temperature (may-reject, 6 records')
  })

  it('--try asks before it costs more than may be spent unasked', async () => {
    const target = { pricePerMillion: { input: 0, output: 1_000_000 } }
    const { provider, run } = await openShop({ ...toGpt5, target })
    const told = await run('migrate', '--try')
    expect(told.status).toBe(64)
    expect(told.stderr).toContain('this trial will cost about $100.00')
    expect(provider.requests).toHaveLength(0)
    expect((await run('migrate', '--try', '--yes')).status).toBe(0)
  })

  it('an outage is no refusal, and no acceptance', async () => {
    const refuse = () => ({
      status: 500,
      body: { error: { message: 'The server had an error', type: 'server_error' } },
    })
    const { run } = await openShop({ ...toGpt5, refuse })
    const told = await run('migrate', '--try', '--json')
    expect(told.status).toBe(1)
    expect(JSON.parse(told.stdout).tried[0]).toMatchObject({ isAccepted: null, status: 500 })
    const words = (await run('migrate', '--try')).stdout
    expect(words).toContain('asked 2 shapes; it refused none; of 2 shapes it is not known')
  })
})

describe('from one Claude to the next', () => {
  const claude = (place: number, fields: object) => ({
    model: 'claude-opus-4-5',
    system: 'Be brief.',
    max_tokens: 9,
    messages: [user(place)],
    ...fields,
  })
  const prefilled = (place: number) => claude(place, { messages: [user(place), { role: 'assistant', content: '{' }] })
  const toOpus46 = {
    api: 'anthropic-messages',
    model: 'claude-opus-4-6',
    refuse: asOpus46,
    answer: message,
    bodies: [...[1, 2, 3].map((place) => claude(place, { temperature: 0, top_p: 0.5 })), prefilled(4), claude(5, {})],
  }

  it('mends one sampler too many; a prefilled answer is a person’s to decide', async () => {
    const { run } = await openShop(toOpus46)
    const told = await run('migrate', '--write', '--json')
    expect(told.status).toBe(1)
    const { patch } = JSON.parse(told.stdout)
    expect(patch.overrides).toMatchObject([{ field: 'top_p', value: null, records: 3 }])
    expect(patch.decisions).toMatchObject([{ field: 'messages', records: 1, effect: 'rejects' }])
    const tried = JSON.parse((await run('migrate', '--try', '--json')).stdout).tried
    expect(
      tried.map(({ records, isAccepted }: { records: number; isAccepted: boolean }) => [records, isAccepted]),
    ).toEqual([
      [3, true],
      [1, expect.any(Boolean)],
      [1, expect.any(Boolean)],
    ])
    const refused = tried.find((each: { isAccepted: boolean }) => !each.isAccepted)
    expect(refused).toMatchObject({
      code: 'invalid_request_error',
      said: expect.stringContaining('does not support assistant message prefill'),
    })
  })

  it('records in another API are named with who would speak it, and never asked', async () => {
    const { provider, run } = await openShop({ ...toGpt5, bodies: [...chats, ...toOpus46.bodies] })
    const told = await run('migrate', '--try')
    expect(told.status).toBe(1)
    expect(told.stdout).toContain('not asked: its API is not the candidate')
    expect(told.stdout).toContain('api: anthropic-messages; vendor: portkey-gateway')
    expect(provider.requests).toHaveLength(2)
  })
})

describe('nothing to look at', () => {
  it('no store says what to do first, and makes none', async () => {
    const { run, folder } = await openShop(toGpt5)
    rmSync(join(folder, 'store.duckdb'))
    const told = await run('migrate')
    expect(told.status).toBe(65)
    expect(told.stderr).toContain('there is no store yet')
    expect(told.stderr).toContain('shadowgate ingest reads the logs into it')
    expect(existsSync(join(folder, 'store.duckdb'))).toBe(false)
  })

  it('nor are records that the log kept no request of', async () => {
    const { run, folder } = await openShop(toGpt5)
    await change(join(folder, 'store.duckdb'), "UPDATE record SET fidelity = 'truncated'")
    const told = await run('migrate')
    expect(told.status).toBe(65)
    expect(told.stderr).toContain('holds no record that can be replayed (9 are incomplete)')
  })

  it('what a flag’s model needs is not written into a config that names another', async () => {
    const { run, file } = await openShop({ ...toGpt5, model: 'gpt-4o' })
    const before = file()
    expect((await run('migrate', '--candidate-model', 'gpt-5')).stdout).toContain('max_tokens: max_completion_tokens')
    const told = await run('migrate', '--write', '--candidate-model', 'gpt-5')
    expect(told.status).toBe(64)
    expect(told.stderr).toContain('--candidate-model is not of the file')
    expect(file()).toBe(before)
  })

  it('a number that is none is wrong usage', async () => {
    const { run } = await openShop(toGpt5)
    expect((await run('migrate', '--try', '--shapes', 'all')).status).toBe(64)
  })
})

async function change(store: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(store)
  const connection = await instance.connect()
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}
