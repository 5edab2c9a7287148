// `shadowgate demo`: the main job on real data, against two local servers, with no account, key or server of the user's.

import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import writeFileAtomic from 'write-file-atomic'
import { exitStatus, Fault } from '../core/fault.ts'
import { demoModels, startDemoServers } from '../demo/start.ts'
import type { Command } from './command.ts'
import { demoConfig } from './demo/demo-config.ts'
import { runAll } from './run.ts'
import type { World } from './world.ts'

const candidates = ['june', 'same'] as const
const canaryCandidates = ['same', 'slower'] as const

/** How fast the servers' clock runs: a recorded second takes 10 ms. */
const timeScale = 100

export const demo = {
  examples: [
    'shadowgate demo',
    'shadowgate demo --candidate same',
    'shadowgate demo --canary',
    'shadowgate demo --canary --candidate slower',
  ],
  settings: ['store', 'report', 'sample.size', 'sample.seed'],
  flags: [
    {
      flag: '--candidate <word>',
      description:
        'june: the update of June 2023 (default); same: production against itself; of a canary same (default) or slower, by 60 %',
    },
    {
      flag: '--canary',
      description: 'The router instead: ten thousand users of a shop on loopback, and a ramp of three minutes',
    },
    { flag: '--new', description: 'Begin a new run even where one was cut off' },
  ],
  run: async (world, invocation) => {
    const word = invocation.own['candidate']
    if (invocation.own['canary']) {
      const among = candidateOf(word ?? 'same', canaryCandidates)
      // With the router's rooms, which a replay needs none of.
      const { demoCanary } = await import('./demo/canary-demo.ts')
      if (!invocation.isQuiet) world.log(canaryIntroduction(among))
      await demoCanary(world, invocation, among)
      return 0
    }
    const candidate = candidateOf(word ?? 'june', candidates)
    if (!invocation.isQuiet) world.log(introduction(candidate))
    const original = fileURLToPath(new URL('../../datasets/demo/shadowgate.yaml', import.meta.url))
    const settings = {
      store: resolve(world.cwd, 'reports/demo.duckdb'),
      'report.dir': resolve(world.cwd, 'reports'),
      reviews: resolve(world.cwd, 'reports/demo.reviews.yaml'),
      'log.format': 'text',
      ...(candidate === 'same' ? { 'targets.candidate.model': demoModels.production } : {}),
      ...invocation.settings,
    }
    const servers = await startDemoServers({ candidate, seed: 7, timeScale })
    try {
      const status = await runAll(demoWorld(world, servers), {
        ...invocation,
        // Nothing is paid for, and `same` means it.
        own: { ...invocation.own, yes: true },
        config: original,
        settings,
      })
      const store = resolve(world.cwd, settings.store)
      const path = join(dirname(store), 'demo.yaml')
      const text = demoConfig(readFileSync(original, 'utf8'), {
        original,
        path,
        store,
        reviews: settings.reviews,
        reportFolder: resolve(world.cwd, settings['report.dir']),
        candidateModel: candidate === 'same' ? demoModels.production : demoModels.candidate,
      })
      mkdirSync(dirname(path), { recursive: true })
      writeFileAtomic.sync(path, text)
      if (!invocation.isJson) world.stdout(closing(status, relative(world.cwd, path)))
      return 0
    } finally {
      await servers.close()
    }
  },
} satisfies Command

function candidateOf<Word extends string>(word: string | boolean, among: readonly Word[]): Word {
  const found = among.find((each) => each === word)
  if (found) return found
  throw new Fault('USAGE', `--candidate takes ${among.join(' or ')}, not "${String(word)}"`)
}

function canaryIntroduction(candidate: (typeof canaryCandidates)[number]): string {
  return [
    candidate === 'same'
      ? 'A canary of a candidate that is no worse: the ramp must come to its end.'
      : 'A canary of a candidate that takes 60 % longer: it must be rolled back.',
    'Ten thousand simulated users ask two local servers through the router that `shadowgate serve` starts, 150 times a second;',
    'stages of 20, 50 and 100 % last half a minute each, to be quick. Another terminal can ask and steer: shadowgate ramp',
    '--watch --config reports/demo-canary/shadowgate.yaml',
    '',
  ].join('\n')
}

function introduction(candidate: (typeof candidates)[number]): string {
  const question =
    candidate === 'june'
      ? "Would shadowgate have stopped GPT-4's update of June 2023?"
      : 'Production against itself, with the noise of a real model: the gate must find no regression.'
  return [
    question,
    'Two local servers give the answers that GPT-4 gave in 2023 (LLMDrift, Apache-2.0). Simulated: time (÷ 100), time to',
    'first token, and the noise of a second answer; datasets/demo/SOURCE.md has the details.',
    '',
  ].join('\n')
}

function demoWorld(world: World, servers: { productionUrl: string; candidateUrl: string }): World {
  return {
    ...world,
    env: {
      ...world.env,
      SHADOWGATE_DEMO_PRODUCTION_URL: servers.productionUrl,
      SHADOWGATE_DEMO_CANDIDATE_URL: servers.candidateUrl,
    },
  }
}

function closing(status: number, config: string): string {
  const [word] = Object.entries(exitStatus).find(([, each]) => each === status) ?? ['?']
  return [
    '',
    `shadowgate run would have exited with ${status} (${word}). Browse the diffs: open report.html, named above, in a browser.`,
    `In the terminal: shadowgate browse --config ${config}`,
    `What you decide there counts in: shadowgate gate --config ${config}`,
  ].join('\n')
}
