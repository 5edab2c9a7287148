// The harness's own share of a latency: what it stored, less what the server truly took, request by request.

import { fileURLToPath } from 'node:url'
import type { BareTiming } from './children/bare-client.ts'
import type { MockSettings } from './children/mock-server.ts'
import type { Bench } from './support/bench.ts'
import { runChild } from './support/child.ts'
import { type Mock, requireRequests, startMock } from './support/mock.ts'
import { queryStore } from './support/store.ts'
import { quantile, type Row } from './support/table.ts'
import { createWorkspace, type Workspace } from './support/workspace.ts'

const bareClient = fileURLToPath(new URL('children/bare-client.ts', import.meta.url))

export const fidelity = {
  summary: "the harness's own share of a latency, beside a bare client's",
  options: {
    delay: { value: 5, help: 'ms that the server takes, to the first event where it streams' },
    seconds: { value: 15, help: 'about as long each measurement lasts' },
    load: { value: 0.5, help: 'share of the ceiling at which it is measured' },
    concurrency: { value: 100, help: 'requests in flight at the ceiling, of both arms; twice as many streams' },
    'ceiling-pairs': { value: 5000, help: 'pairs by which the ceiling is found; a fifth of it in streams' },
    events: { value: 50, help: 'events of a stream' },
    gap: { value: 4, help: 'ms between two events' },
  },
  run: async ({ option, cli, say }) => {
    const delayMs = option('delay')
    const stream = { events: option('events'), gapMs: option('gap') }
    await using mock = await startMock()
    // An instant server shows the ceiling of whole answers. That of streams is one of events, which keep their own pace.
    const modes = [
      {
        name: 'whole',
        share: 1,
        fold: 1,
        ceilingAt: { delayMs: 0, stream: null },
        settings: { delayMs, stream: null },
      },
      { name: 'streamed', share: 0.2, fold: 2, ceilingAt: { delayMs, stream }, settings: { delayMs, stream } },
    ]
    const rows: Row[] = []
    const ceilings: string[] = []
    for (const { name, share, fold, ceilingAt, settings } of modes) {
      say(`${name}: the ceiling`)
      const most = { pairs: Math.ceil(option('ceiling-pairs') * share), concurrency: option('concurrency') * fold }
      const ceiling = rateOf(await askWithShadowgate({ mock, cli, settings: ceilingAt, ...most }))
      const rate = ceiling * option('load')
      const answerMs = delayMs + (settings.stream ? stream.events * stream.gapMs : 0)
      const load = {
        pairs: Math.max(200, Math.ceil((rate * option('seconds')) / 2)),
        concurrency: 2 * Math.max(1, Math.round((rate * (answerMs + overheadMs)) / 2000)),
      }
      say(`${name}: ${load.pairs} pairs, ${load.concurrency} in flight`)
      const own = await askWithShadowgate({ mock, cli, settings, ...load })
      const bare = await askBarely({ mock, cli, settings, ...load })
      const what = settings.stream ? (['ttft'] as const) : (['headers', 'total'] as const)
      for (const clock of what) {
        rows.push(rowOf(`shadowgate, ${clock}`, own, clock), rowOf(`bare dispatch, ${clock}`, bare, clock))
      }
      ceilings.push(
        `ceiling, ${name}: ${Math.round(ceiling)} requests/s at ${most.concurrency} in flight, by ${most.pairs} pairs`,
      )
    }
    const title = `fidelity: error in ms against ${delayMs} ms, at ${option('load')} of the ceiling`
    return {
      tables: [{ title, rows }],
      remarks: [
        ...ceilings,
        'error: what the client stored less what the server took, of the same request; the truth begins when the server',
        "reads the request's last byte, so that both clients' errors contain the way there and back and the server's own delay in reading",
      ],
    }
  },
} satisfies Bench

/** What a closed loop adds to the server's delay, about: timers and the way there and back. */
const overheadMs = 1

interface Load {
  readonly mock: Mock
  readonly cli: string | undefined
  readonly settings: MockSettings
  readonly pairs: number
  readonly concurrency: number
}

interface Timed {
  readonly sentAtMs: number
  readonly truthMs: number
  readonly headers: number
  readonly ttft: number
  readonly total: number
}

/** Parsed, stored and scored, by a whole run. */
async function askWithShadowgate(load: Load): Promise<Timed[]> {
  return asked(load, async (workspace) => {
    await workspace.shadowgate(['run'])
    const sql = `SELECT CAST(substr(text, 2, 10) AS INTEGER) AS id, epoch_us(sent_at) / 1000 AS "sentAtMs",
      headers_ms AS headers, coalesce(first_token_ms, 0) AS ttft, total_ms AS total FROM attempt`
    return queryStore(workspace.store, sql)
  })
}

/** By a client that does nothing else. */
async function askBarely(load: Load): Promise<Timed[]> {
  return asked(load, async ({ folder, log }) => {
    const args = [log, load.mock.ports.production, load.mock.ports.candidate, load.concurrency].map(String)
    const { stdout } = await runChild([bareClient, ...args], { cwd: folder })
    const timings: BareTiming[] = JSON.parse(stdout)
    return timings.map(({ id, sentAtMs, headersMs, firstDataMs, totalMs }) => {
      return { id, sentAtMs, headers: headersMs, ttft: firstDataMs, total: totalMs }
    })
  })
}

type Client = (workspace: Workspace) => Promise<(Omit<Timed, 'truthMs'> & { readonly id: number })[]>

/** Lets a client ask, and joins each of its timings with the truth of the same request. */
async function asked({ mock, cli, settings, pairs, concurrency }: Load, client: Client): Promise<Timed[]> {
  using workspace = createWorkspace({ lines: pairs, cli })
  workspace.configure({ mock, pairs, concurrency, stream: settings.stream !== null })
  await mock.reset(settings)
  const timings = await client(workspace)
  const counts = await mock.read()
  requireRequests(counts, pairs, 'fidelity')
  if (new Set(timings.map(({ id }) => id)).size !== 2 * pairs)
    throw new Error('some answers were stored twice, or not at all')
  return timings.map(({ id, ...timing }) => ({ ...timing, truthMs: counts.residenceMs[id] ?? Number.NaN }))
}

/** Requests a second, in the second half: once all is warm. */
function rateOf(timed: readonly Timed[]): number {
  const sent = timed.map(({ sentAtMs }) => sentAtMs).toSorted((left, right) => left - right)
  const middle = Math.floor(sent.length / 2)
  return (1000 * (sent.length - 1 - middle)) / ((sent.at(-1) ?? 0) - (sent[middle] ?? 0))
}

function rowOf(what: string, timed: readonly Timed[], clock: 'headers' | 'ttft' | 'total'): Row {
  const errorsOf = (some: readonly Timed[]) => some.map((each) => each[clock] - each.truthMs)
  const startedAt = timed.reduce((least, { sentAtMs }) => Math.min(least, sentAtMs), Number.POSITIVE_INFINITY)
  const all = errorsOf(timed)
  const warm = errorsOf(timed.filter(({ sentAtMs }) => sentAtMs > startedAt + 1000))
  return {
    what,
    requests: timed.length,
    'requests/s': rateOf(timed),
    'true p50': quantile(
      timed.map(({ truthMs }) => truthMs),
      0.5,
    ),
    'error p50': quantile(all, 0.5),
    'error p90': quantile(all, 0.9),
    'error p99': quantile(all, 0.99),
    'p50 after 1 s': quantile(warm, 0.5),
    'p99 after 1 s': quantile(warm, 0.99),
  }
}
