// `shadowgate ramp`: a word to the router that runs in another terminal.

import { resolve } from 'node:path'
import { request } from 'undici'
import { Fault } from '../core/fault.ts'
import { doorFileOf, readDoorFile } from './canary/admin-token.ts'
import { type RolloutStatus, statusText } from './canary/status.ts'
import type { Command, Invocation } from './command.ts'
import { reviewerOf } from './reviewer.ts'
import { openSession } from './session.ts'

const actions = ['status', 'advance', 'hold', 'release', 'rollback', 'flip', 'export'] as const

export const ramp = {
  examples: [
    'shadowgate ramp',
    'shadowgate ramp hold --because "release freeze"',
    'shadowgate ramp rollback --because "support is calling"',
    'shadowgate ramp flip --to candidate',
    'shadowgate ramp export --for litellm > config.yaml',
  ],
  settings: ['canary.journal'],
  argument: {
    name: '[action]',
    description: 'status (the default); advance, hold and release; rollback; flip, of blue-green; export',
    choices: actions,
  },
  flags: [
    { flag: '--because <reason>', description: 'Goes into the journal' },
    { flag: '--to <arm>', description: 'With flip: production or candidate' },
    {
      flag: '--for <gateway>',
      description: 'With export: portkey, litellm or envoy-ai-gateway, as whose config the split is printed',
    },
  ],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    if (invocation.word === 'export') {
      // With the router's rooms, which asking it needs none of.
      const { exportSplit } = await import('./canary/export-split.ts')
      exportSplit(session, invocation.own['for'])
      return 0
    }
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
    const told = (await answer.body.json()) as RolloutStatus | { readonly error: string }
    if ('error' in told) throw new Fault('USAGE', told.error, { hint: 'shadowgate ramp says how it stands' })
    world.stdout(invocation.isJson ? JSON.stringify(told) : statusText(told))
    return 0
  },
} satisfies Command

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
