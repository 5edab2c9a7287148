// How much of the ideal is reached where the server, not we, takes the time: 2 N answers of 50 ms each, 100 at a time.

import type { Bench } from './support/bench.ts'
import { meanResidenceMs, requireRequests, startMock } from './support/mock.ts'
import { queryStore } from './support/store.ts'
import { median } from './support/table.ts'
import { createWorkspace } from './support/workspace.ts'

export const ideal = {
  summary: 'wall time of a replay against the ideal of a server that takes 50 ms',
  options: {
    pairs: { value: 10_000, help: 'pairs of a replay' },
    concurrency: { value: 100, help: 'requests in flight, of both arms together' },
    delay: { value: 50, help: 'ms that the server takes' },
    rounds: { value: 3, help: 'rounds, of which the median is told' },
  },
  run: async ({ option, cli, say }) => {
    const [pairs, concurrency, delayMs] = [option('pairs'), option('concurrency'), option('delay')]
    await using mock = await startMock()
    using workspace = createWorkspace({ lines: pairs, cli })
    workspace.configure({ mock, pairs, concurrency })
    await workspace.shadowgate(['ingest'])
    await workspace.shadowgate(['sample'])
    workspace.keepStore()
    const rounds: { wall: number; stage: number; residence: number }[] = []
    for (let round = 0; round < option('rounds'); round++) {
      say(`round ${round + 1}`)
      workspace.restoreStore()
      await mock.reset({ delayMs })
      const { wallSeconds } = await workspace.shadowgate(['replay'])
      const counts = await mock.read()
      requireRequests(counts, pairs, 'replay')
      const stage = await stageSeconds(workspace.store)
      rounds.push({ wall: wallSeconds, stage, residence: meanResidenceMs(counts) / 1000 })
    }
    const residence = median(rounds.map((each) => each.residence))
    const idealSeconds = (seconds: number) => (2 * pairs * seconds) / concurrency
    const [nominal, real] = [idealSeconds(delayMs / 1000), idealSeconds(residence)]
    const measured = [
      { what: 'replay stage (first send to last byte)', seconds: median(rounds.map((each) => each.stage)) },
      { what: 'shadowgate replay, the whole process', seconds: median(rounds.map((each) => each.wall)) },
    ]
    const rows = measured.map(({ what, seconds }) => ({
      what,
      'wall s': seconds,
      'ideal s': nominal,
      'share of ideal %': (100 * nominal) / seconds,
      'ideal s by the server': real,
      'share of that %': (100 * real) / seconds,
    }))
    const title = `ideal: ${pairs} pairs, ${concurrency} in flight, ${delayMs} ms, median of ${rounds.length}`
    const late = `the server's timers fire late: its answers took ${(residence * 1000).toFixed(2)} ms on average, which "by the server" allows for`
    return { tables: [{ title, rows }], remarks: [late] }
  },
} satisfies Bench

/** By the stored attempts: from the first that was sent to the last that ended. */
async function stageSeconds(store: string): Promise<number> {
  const [row] = await queryStore<{ seconds: number }>(
    store,
    'SELECT (max(epoch_ms(sent_at) + total_ms) - min(epoch_ms(sent_at))) / 1000 AS seconds FROM attempt',
  )
  return Number(row?.seconds)
}
