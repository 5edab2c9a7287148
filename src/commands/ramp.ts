// `shadowgate ramp`: a word to the router that runs in another terminal, and what its journal tells.

import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault } from '../core/fault.ts'
import type { SettingChange } from '../core/rollout.ts'
import { doorFileOf } from './canary/door/admin-token.ts'
import { askRouter } from './canary/door/ask-router.ts'
import { readJournal } from './canary/journal/journal-file.ts'
import { changesText, reloadable } from './canary/setting-changes.ts'
import { historyText } from './canary/status/history-text.ts'
import type { RolloutStatus } from './canary/status/status.ts'
import { statusText } from './canary/status/status-text.ts'
import { watchStatus } from './canary/status/watch-status.ts'
import type { Command, Invocation } from './command.ts'
import { reviewerOf } from './review/reviewer.ts'
import { openSession, type Session } from './session/session.ts'

const actions = ['status', 'advance', 'hold', 'release', 'rollback', 'flip', 'reload', 'history', 'export'] as const

export const ramp = {
  statuses: '0 done   69 also: no router runs here',
  notes: [`What reload takes up under traffic: ${reloadable.join(', ')}.`],
  examples: [
    'shadowgate ramp',
    'shadowgate ramp --watch',
    'shadowgate ramp hold --because "release freeze"',
    'shadowgate ramp rollback --because "support is calling"',
    'shadowgate ramp flip --to candidate',
    'shadowgate ramp history',
    'shadowgate ramp export --for litellm > config.yaml',
  ],
  settings: ['canary.journal'],
  argument: {
    name: '[action]',
    description:
      'status (the default); advance, hold and release; rollback; flip, of blue-green; history and export, which need no router; reload, which takes up a changed config (below)',
    choices: actions,
  },
  flags: [
    { flag: '--because <reason>', description: 'Goes into the journal' },
    { flag: '--to <arm>', description: 'With flip: production or candidate' },
    {
      flag: '--for <gateway>',
      description: 'With export: portkey, litellm or envoy-ai-gateway, as whose config the split is printed',
    },
    { flag: '--watch', description: 'With status: drawn again every 2 s; a line for each change where no terminal is' },
  ],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    const journal = resolve(session.folder, session.config.canary.journal)
    const action = actions.find((each) => each === (invocation.word ?? 'status')) ?? 'status'
    requireFitting(action, invocation)
    if (action === 'history') {
      tellHistory(session, journal)
      return 0
    }
    if (action === 'export') {
      // With the router's rooms, which asking it needs none of.
      const { exportSplit } = await import('./canary/export-split.ts')
      exportSplit(session, invocation.own['for'])
      return 0
    }
    const wish = wishOf(action, invocation, reviewerOf(undefined, world.env, session.folder))
    const ask = () => askRouter({ path: doorFileOf(journal), journal: realPathOf(journal), wish })
    if (invocation.own['watch']) {
      await watchStatus(world, ask)
      return 0
    }
    const told: Told = await ask()
    const changed = told.reloaded === undefined ? '' : `${changesText(told.reloaded)}\n`
    world.stdout(invocation.isJson ? JSON.stringify(told) : changed + statusText(told, world.clock.now()))
    return 0
  },
} satisfies Command

type Told = RolloutStatus & { readonly reloaded?: readonly SettingChange[] }

type Action = (typeof actions)[number]

/** Faults: USAGE. */
function requireFitting(action: Action, { own, isJson }: Invocation): void {
  if (own['watch'] && action !== 'status') throw new Fault('USAGE', `--watch goes with status, not with ${action}`)
  if (own['watch'] && isJson) {
    throw new Fault('USAGE', '--watch is for people, and --json prints one document', {
      hint: 'programs ask shadowgate ramp --json again, or read /metrics on the admin port',
    })
  }
}

function tellHistory({ world, invocation }: Session, journal: string): void {
  const { events, torn } = readJournal(journal)
  world.stdout(invocation.isJson ? JSON.stringify({ journal, events, torn }) : historyText(events, torn, journal))
}

function wishOf(action: Exclude<Action, 'history' | 'export'>, { own }: Invocation, by: string): object | null {
  if (action === 'status') return null
  const because = typeof own['because'] === 'string' ? own['because'] : 'no reason was given'
  if (action !== 'flip') return { action, because, by }
  if (own['to'] !== 'production' && own['to'] !== 'candidate') {
    throw new Fault('USAGE', 'flip to which arm? --to production or --to candidate')
  }
  return { action, because, by, to: own['to'] }
}

/** Links on the way to it are followed, as the router follows them. */
function realPathOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : path
}
