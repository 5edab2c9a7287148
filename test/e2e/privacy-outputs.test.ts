// Credentials and personal data, in logs and in answers, through every command: no output holds any of them.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBBlobValue, DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { numberIn, openShop as openBatchShop } from '../support/batch-shop.ts'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { leaky, leakyLog, writeLogs } from '../support/leaky.ts'
import { credentialsAt, leaksIn, type Planted, personalAt, plain, textOf, unpackedPage } from '../support/planted.ts'
import { type Answer, sendJson, startTarget } from '../support/target.ts'

/** Keys of the user's own, in a form that no pattern knows. */
const keys = {
  PROD_KEY: 'corp.production.0f1e2d3c',
  CAND_KEY: 'corp.candidate.4b5a6978',
  JUDGE_KEY: 'corp.judge.8796a5b4',
  TEAM_TOKEN: 'team.2d1c0b9a.token',
}
const ownKeys: readonly Planted[] = Object.entries(keys).map(([kind, text]) => ({
  kind,
  place: 'config',
  text,
  mark: text,
}))

interface Shop {
  readonly folder: string
  readonly planted: Planted[]
  /** Runs a command, and gives all that it says. */
  readonly say: (...args: readonly string[]) => Promise<string>
}

interface ShopOptions {
  readonly replayed: number
  /** What `/v1/models` says, with the key in its headers. */
  readonly refusal?: (key: string) => object
  readonly candidate?: (keep: (planted: readonly Planted[]) => void) => Answer
  readonly config?: object
}

async function openShop({ replayed, candidate, refusal, config = {} }: ShopOptions): Promise<Shop> {
  const log = leakyLog(replayed)
  const planted = [...log.planted, ...ownKeys]
  const keep = (found: readonly Planted[]) => void planted.push(...found)
  const refuses = refusal && {
    models: (response: Parameters<Answer>[1]) =>
      sendJson(response, 401, refusal(String(response.req.headers.authorization))),
  }
  const servers = {
    production: await startTarget(leaky('production', keep), refuses),
    candidate: await startTarget((candidate ?? ((kept) => leaky('candidate', kept)))(keep)),
    judge: await startTarget(leaky('judge', keep)),
  }
  const folder = temporaryFolder()
  writeLogs(folder, log)
  const target = (arm: keyof typeof servers, env: keyof typeof keys) => ({
    baseUrl: servers[arm].url,
    model: 'test-model',
    keyFrom: { env },
    headers: { 'x-team-token': '${TEAM_TOKEN}' },
    retries: 0,
    timeoutMs: 5000,
  })
  const settings = {
    store: 'store.duckdb',
    logs: [{ path: 'logs/*' }],
    targets: { production: target('production', 'PROD_KEY'), candidate: target('candidate', 'CAND_KEY') },
    replay: { noise: 1, warmUp: 0 },
    judge: { target: target('judge', 'JUDGE_KEY'), criteria: 'it is polite' },
    gate: { earlyStop: false },
    ...config,
  }
  writeFileSync(join(folder, 'shadowgate.yaml'), stringify(settings))
  const say = async (...args: readonly string[]) => {
    const { stdout, stderr } = await runCli(args, { cwd: folder, env: keys })
    return `${stdout}\n${stderr}`
  }
  return { folder, planted, say }
}

/** Every value of every table, what is compressed unpacked. */
async function everythingIn(store: string): Promise<string> {
  const instance = await DuckDBInstance.create(store, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()
    const tables = await ask("SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'")
    const parts: string[] = []
    for (const [table] of tables) {
      for (const row of await ask(`SELECT * FROM "${String(table)}"`)) parts.push(...row.map(wordsOf))
    }
    return parts.join('\n')
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

const wordsOf = (value: unknown) => (value instanceof DuckDBBlobValue ? plain(value.bytes) : String(value))

/** Every report of every run, with what is packed into a page. */
function reportsIn(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file))
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return [file, file.endsWith('.html') ? unpackedPage(text) : text]
    }),
  )
}

const commands = [
  ['plan'],
  ['ingest', '--json'],
  ['run', '--yes'],
  ['run', '--new', '--quiet', '--yes', '--json'],
  ['gate', '--json'],
  ['report'],
  ['verify'],
  ['verify', '--json'],
  ['migrate'],
  ['migrate', '--try', '--yes', '--json'],
  ['audit', '--audit-draws', '20'],
] as const

describe('no output holds a credential or personal data', () => {
  it('of a log and of servers that are full of them', { timeout: 120_000 }, async () => {
    const { folder, planted, say } = await openShop({ replayed: 96 })
    for (const command of commands) {
      const said = await say(...command)
      expect(said, command.join(' ')).not.toContain('error[')
      expect(leaksIn(said, planted), command.join(' ')).toEqual([])
    }
    const reports = reportsIn(join(folder, 'reports'))
    expect(reports.size, 'two runs in four formats, and all nights in two').toBe(10)
    for (const [file, text] of reports) expect(leaksIn(text, planted), file).toEqual([])
    const stored = await everythingIn(join(folder, 'store.duckdb'))
    expect(stored, 'it was read').toContain('Question 7? Write to [')
    expect(leaksIn(stored, planted), 'the store').toEqual([])
  })

  it('of a server that refuses a key and names it', async () => {
    const refusal = (key: string) => ({
      error: { message: `Incorrect API key provided: ${key}, and not sk-proj-${'a1B2c3D4'.repeat(5)}` },
    })
    const { planted, say } = await openShop({ replayed: 8, refusal })
    const said = await say('run', '--yes', '--json')
    expect(said).toContain('error[KEY_REFUSED]')
    expect(said).toContain('Incorrect API key provided: Bearer [secret], and not [secret]')
    expect(leaksIn(said, planted)).toEqual([])
  })

  it('of a server that begins to refuse while it is asked', async () => {
    const { planted, say, folder } = await openShop({
      replayed: 60,
      candidate: (keep) => {
        const [address = { text: '' }] = personalAt('refused account')
        keep(personalAt('refused account'))
        return ({ headers }, response) =>
          sendJson(response, 403, { error: { message: `${address.text} lost ${headers.authorization}` } })
      },
    })
    const said = await say('run', '--yes')
    expect(said).toContain('error[KEY_REFUSED]')
    expect(leaksIn(said, planted)).toEqual([])
    expect(leaksIn(await everythingIn(join(folder, 'store.duckdb')), planted)).toEqual([])
  })

  it('of batches', async () => {
    const planted = ['answer', 'error'].flatMap((place) => [...credentialsAt(place), ...personalAt(place)])
    const said = (place: string) => textOf(planted.filter((each) => each.place === place))
    const { run, folder } = await openBatchShop({
      dialect: 'openai',
      fate: (request) => (numberIn(request) % 8 === 3 ? { error: said('error') } : said('answer')),
    })
    const { stdout, stderr } = await run()
    expect(stderr).not.toContain('error[')
    const outputs = [stdout, stderr, ...reportsIn(join(folder, 'reports')).values()]
    const stored = await everythingIn(join(folder, 'store.duckdb'))
    expect(stored).toMatch(/\[secret\][^]*\[email-[0-9a-f]{6}\]/)
    expect(leaksIn([stored, ...outputs].join('\n'), planted)).toEqual([])
  })

  it('of a replay that is asked how it is', async () => {
    const { promise: isReached, resolve: reach } = Promise.withResolvers<void>()
    const { promise: isTold, resolve: tell } = Promise.withResolvers<void>()
    const { planted, say } = await openShop({
      replayed: 60,
      candidate: (keep) => {
        const answer = leaky('candidate', keep)
        return (request, response) => {
          if (request.number === 40) reach()
          void (request.number < 40 ? Promise.resolve() : isTold).then(() => answer(request, response))
        }
      },
    })
    const running = say('run', '--yes')
    await isReached
    const told = [
      await say('control', '--json'),
      await say('control', 'pause', '--json'),
      await say('control', 'resume'),
    ]
    tell()
    await running
    expect(told.join('\n')).toContain('"calls":')
    expect(leaksIn(told.join('\n'), planted)).toEqual([])
  })
})
