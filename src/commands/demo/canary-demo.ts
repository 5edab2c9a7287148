// The demo's canary: ten thousand users of a shop on loopback, who ask through the router until the ramp has come to its end.

import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { stringify } from 'yaml'
import { after, closedRamp } from '../../canary/ramp/ramp.ts'
import { seededBy } from '../../core/random.ts'
import type { Arm } from '../../core/types.ts'
import { providerServedBy } from '../../providers/index.ts'
import { doorFileOf } from '../canary/door/admin-token.ts'
import { askRouter } from '../canary/door/ask-router.ts'
import { type Crowd, startCrowd } from '../canary/drill/crowd.ts'
import { startStandIns } from '../canary/drill/stand-in.ts'
import { readJournal } from '../canary/journal/journal-file.ts'
import { historyText } from '../canary/status/history-text.ts'
import { statusText } from '../canary/status/status-text.ts'
import type { Invocation } from '../command.ts'
import { serve } from '../serve.ts'
import type { World } from '../world.ts'

/** The candidate: production's like, or one that takes 60 % longer. */
export type CanaryCandidate = 'same' | 'slower'

const api = 'openai-chat'
const models = { production: 'shop-1', candidate: 'shop-2' }
const users = 10_000
const requestsPerSecond = 150
/** Stages are short, to be quick. */
const stages = [0.2, 0.5, 1].map((share) => ({ share, minMinutes: 0.5, minRequests: 500 }))
const productionMs = 30
const medianMs: Readonly<Record<CanaryCandidate, Readonly<Record<Arm, number>>>> = {
  same: { production: productionMs, candidate: productionMs },
  slower: { production: productionMs, candidate: 1.6 * productionMs },
}
/** After that it is over, wherever it stands. */
const longestMs = 5 * 60_000
/** When one looks at it, once. */
const lookAfterMs = 25_000
const pollMs = 250
const seed = 7
const keyName = 'SHADOWGATE_DEMO_KEY'

/** Prints how the ramp stands on the way and at its end, and its history. */
export async function demoCanary(world: World, invocation: Invocation, candidate: CanaryCandidate): Promise<void> {
  const folder = resolve(world.cwd, 'reports/demo-canary')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const standIns = await startStandIns({
    apis: { production: api, candidate: api },
    seed,
    clock: world.clock,
    medianMs: medianMs[candidate],
  })
  const config = join(folder, 'shadowgate.yaml')
  writeFileSync(config, configText(standIns.urls))
  const over = new AbortController()
  const journal = join(realpathSync(folder), 'canary.jsonl')
  const shown = `--config ${relative(world.cwd, config)}`
  let crowd: Crowd | null = null
  let watching: Promise<void> = Promise.resolve()
  const onListening = (line: string) => {
    const { port } = JSON.parse(line) as { readonly port: number }
    crowd = startCrowd({
      origin: `http://127.0.0.1:${port}`,
      users: Array.from({ length: users }, (_, n) => ({ headers: { 'x-user-id': `user-${n}` }, fields: {} })),
      provider: providerServedBy(api, null),
      model: models.production,
      random: seededBy(seed, 'shop'),
      perSecond: requestsPerSecond,
    })
    watching = watch().finally(() => over.abort())
  }
  try {
    await serve.run(
      {
        ...world,
        env: { ...world.env, [keyName]: 'sk-demo' },
        drain: AbortSignal.any([world.drain, over.signal]),
        stdout: onListening,
      },
      {
        command: 'serve',
        config,
        settings: { 'log.format': 'text' },
        own: { override: 'the demo, on loopback' },
        word: null,
        isJson: true,
        isQuiet: invocation.isQuiet,
      },
    )
    await watching
  } finally {
    await (crowd as Crowd | null)?.stop()
    standIns.close()
  }
  const { events, torn } = readJournal(journal)
  world.stdout(`$ shadowgate ramp history ${shown}\n${historyText(events, torn, journal)}`)

  async function watch(): Promise<void> {
    const startedAt = world.clock.elapsed()
    let isShown = false
    while (!world.drain.aborted && world.clock.elapsed() - startedAt < longestMs && !isOver(journal)) {
      await world.clock.sleep(pollMs, world.drain)
      if (isShown || world.clock.elapsed() - startedAt < lookAfterMs) continue
      isShown = true
      await show()
    }
    if (!world.drain.aborted) await show()
  }

  async function show(): Promise<void> {
    const status = await askRouter({ path: doorFileOf(journal), journal, wish: null })
    world.stdout(`\n$ shadowgate ramp ${shown}\n${statusText(status, world.clock.now())}\n`)
  }
}

function isOver(journal: string): boolean {
  const { phase } = readJournal(journal).events.reduce(after, closedRamp)
  return phase === 'complete' || phase === 'rolled-back'
}

function configText(urls: Readonly<Record<Arm, string>>): string {
  const target = (arm: Arm) => ({
    api,
    baseUrl: urls[arm],
    model: models[arm],
    keyFrom: { env: keyName },
    pricePerMillion: { input: 1, output: 4 },
  })
  return stringify({
    logs: [{ path: 'requests*.jsonl' }],
    targets: { production: target('production'), candidate: target('candidate') },
    canary: {
      port: 0,
      admin: { port: 0 },
      key: [{ header: 'x-user-id' }],
      salt: 'the demo of shadowgate',
      journal: 'canary.jsonl',
      log: 'requests.jsonl',
      // Otherwise it would share the prompt cache of all of production, which is warmer than the candidate's.
      control: { body: { cache_salt: 'control' } },
      stages,
      evaluateEverySeconds: 2,
      drain: { noticeSeconds: 0 },
    },
  })
}
