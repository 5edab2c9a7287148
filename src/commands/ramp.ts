// `shadowgate ramp`: a word to the router that runs in another terminal.

import { resolve } from 'node:path'
import { request } from 'undici'
import { Fault } from '../core/fault.ts'
import type { SettingChange } from '../core/rollout.ts'
import { doorFileOf, readDoorFile } from './canary/admin-token.ts'
import { changesText, reloadable } from './canary/setting-changes.ts'
import { type RolloutStatus, statusText } from './canary/status.ts'
import type { Command, Invocation } from './command.ts'
import { reviewerOf } from './reviewer.ts'
import { openSession } from './session.ts'

const actions = ['status', 'advance', 'hold', 'release', 'rollback', 'flip', 'reload'] as const

export const ramp = {
  examples: [
    'shadowgate ramp',
    'shadowgate ramp hold --because "release freeze"',
    'shadowgate ramp rollback --because "support is calling"',
    'shadowgate ramp flip --to candidate',
  ],
  settings: ['canary.journal'],
  argument: {
    name: '[action]',
    description: `status (the default); advance, hold and release; rollback; flip, of blue-green; reload, which takes up what may change under traffic: ${reloadable.join(', ')}`,
    choices: actions,
  },
  flags: [
    { flag: '--because <reason>', description: 'Goes into the journal' },
    { flag: '--to <arm>', description: 'With flip: production or candidate' },
  ],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    const doorFile = doorFileOf(resolve(session.folder, session.config.canary.journal))
    const { port, token } = readDoorFile(doorFile)
    const body = wishOf(invocation, reviewerOf(undefined, world.env, session.folder))
    const answer = await request(`http://127.0.0.1:${port}/ramp`, {
      method: body === null ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === null ? null : JSON.stringify(body),
    }).catch((error: unknown) => {
      throw new Fault('NOT_RUNNING', 'no router runs here', {
        place: doorFile,
        hint: 'shadowgate serve starts one',
        cause: error,
      })
    })
    const told = (await answer.body.json()) as Told | { readonly error: string }
    if ('error' in told) throw new Fault('USAGE', told.error, { hint: 'shadowgate ramp says how it stands' })
    const changed = told.reloaded === undefined ? '' : `${changesText(told.reloaded)}\n`
    world.stdout(invocation.isJson ? JSON.stringify(told) : changed + statusText(told))
    return 0
  },
} satisfies Command

type Told = RolloutStatus & { readonly reloaded?: readonly SettingChange[] }

function wishOf({ word, own }: Invocation, by: string): object | null {
  const action = actions.find((each) => each === (word ?? 'status'))
  if (action === undefined) throw new Fault('USAGE', `ramp takes ${actions.join(', ')}`)
  if (action === 'status') return null
  const because = typeof own['because'] === 'string' ? own['because'] : 'no reason was given'
  if (action !== 'flip') return { action, because, by }
  if (own['to'] !== 'production' && own['to'] !== 'candidate') {
    throw new Fault('USAGE', 'flip to which arm? --to production or --to candidate')
  }
  return { action, because, by, to: own['to'] }
}
