// `shadowgate control`: a word to a replay that runs in another terminal.

import { Fault } from '../core/fault.ts'
import type { Command, Invocation } from './command.ts'
import { askReplay, type ControlRequest } from './replay/control-door.ts'
import { openSession } from './session/session.ts'

const actions = ['status', 'pause', 'resume', 'stop', 'concurrency'] as const

export const control = {
  examples: ['shadowgate control status', 'shadowgate control pause', 'shadowgate control concurrency --candidate 4'],
  settings: ['store'],
  argument: {
    name: '[action]',
    description:
      'status (the default); pause and resume; stop, as Ctrl-C does; concurrency, of the arms named by the flags',
    choices: actions,
  },
  flags: [
    { flag: '--production <n>', description: 'With concurrency: requests to production in flight at most' },
    { flag: '--candidate <n>', description: 'With concurrency: requests to the candidate in flight at most' },
  ],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    const answer = await askReplay(session.storePath, requestOf(invocation))
    if ('error' in answer) throw new Error(String(answer.error))
    world.stdout(invocation.isJson || !('text' in answer) ? JSON.stringify(answer) : String(answer.text))
    return 0
  },
} satisfies Command

function requestOf({ word, own }: Invocation): ControlRequest {
  const action = actions.find((each) => each === (word ?? 'status'))
  if (action === undefined) throw new Fault('USAGE', `control takes ${actions.join(', ')}`)
  if (action !== 'concurrency') return { action }
  const [production, candidate] = [countOf(own, 'production'), countOf(own, 'candidate')]
  if (production === null && candidate === null)
    throw new Fault('USAGE', 'say of which arm: --production 8, --candidate 4, or both')
  return { action, production, candidate }
}

function countOf(own: Invocation['own'], name: string): number | null {
  const text = own[name]
  if (text === undefined) return null
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 4096) return count
  throw new Fault('USAGE', `--${name} takes a whole number from 1 to 4096, not "${String(text)}"`)
}
