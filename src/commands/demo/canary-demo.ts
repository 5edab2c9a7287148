// The demo's canary: ten thousand users of a shop on loopback, who ask through the router until the ramp has come to its end.

import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { stringify } from 'yaml'
import { after, closedRamp } from '../../canary/ramp/ramp.ts'
import { Fault, thrownMessage } from '../../core/fault.ts'
import { seededBy } from '../../core/random.ts'
import type { Arm } from '../../core/types.ts'
import { providerServedBy } from '../../providers/index.ts'
import { doorFileOf } from '../canary/door/admin-token.ts'
import { askRouter } from '../canary/door/ask-router.ts'
import { type Crowd, startCrowd } from '../canary/drill/crowd.ts'
import { startStandIns } from '../canary/drill/stand-in.ts'
import { readJournal } from '../canary/journal/journal-file.ts'
import { holdJournal } from '../canary/journal/journal-holder.ts'
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
const journalName = 'canary.jsonl'

/**
 * Prints how the ramp stands on the way and at its end, and its history; where it is to be quiet, that alone, and as JSON what
 * `ramp history` gives. Faults: JOURNAL_HELD, CONFIG_UNWRITABLE, and what `serve` has.
 */
export async function demoCanary(world: World, invocation: Invocation, candidate: CanaryCandidate): Promise<void> {
  const folder = resolve(world.cwd, 'reports/demo-canary')
  await makeFolder(folder, world)
  const standIns = await startStandIns({
    apis: { production: api, candidate: api },
    seed,
    clock: world.clock,
    medianMs: medianMs[candidate],
  })
  const config = join(folder, 'shadowgate.yaml')
  const over = new AbortController()
  const journal = join(realpathSync(folder), journalName)
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
    // It is waited for when the router has ended, and must not end the process before.
    watching.catch(() => {})
  }
  try {
    writeFileSync(config, configText(standIns.urls))
    await serve.run(
      {
        ...world,
        env: { ...withoutSettings(world.env), [keyName]: 'sk-demo' },
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
  if (invocation.isJson) world.stdout(JSON.stringify({ journal, events, torn }))
  else world.stdout(`$ shadowgate ramp history ${shown}\n${historyText(events, torn, journal)}`)

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
    if (invocation.isQuiet) return
    try {
      const status = await askRouter({ path: doorFileOf(journal), journal, wish: null })
      world.stdout(`\n$ shadowgate ramp ${shown}\n${statusText(status, world.clock.now())}\n`)
    } catch (error) {
      // After a Ctrl-C the router may be gone that was asked.
      if (!world.drain.aborted) throw error
    }
  }
}

/** Empty, and nobody's: a demo that runs there has its journal in it. */
async function makeFolder(folder: string, { clock }: World): Promise<void> {
  const hint = 'run it in another folder, which can be written and where no demo runs'
  try {
    const letGo = await holdJournal(join(folder, journalName), { clock, onTrouble: () => {} })
    letGo()
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    if (error instanceof Fault) throw new Fault(error.code, error.message, { place: folder, hint, cause: error })
    const message = `the demo can't be written: ${thrownMessage(error)}`
    throw new Fault('CONFIG_UNWRITABLE', message, { place: folder, hint, cause: error })
  }
}

/** What the environment sets is for the user's own router: its port, its journal, where its spans go. */
function withoutSettings(env: World['env']): World['env'] {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:SHADOWGATE_CANARY|SHADOWGATE_TARGETS|OTEL)_/.test(name)),
  )
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
      journal: journalName,
      log: 'requests.jsonl',
      // Otherwise it would share the prompt cache of all of production, which is warmer than the candidate's.
      control: { body: { cache_salt: 'control' } },
      stages,
      evaluateEverySeconds: 2,
      drain: { noticeSeconds: 0 },
    },
  })
}
