// A word to the router that runs in another terminal, through its door on loopback.

import { request } from 'undici'
import { Fault } from '../../../core/fault.ts'
import type { RolloutStatus } from '../status/status.ts'
import { type DoorFile, readDoorFile } from './admin-token.ts'

export interface Asked {
  /** Of the door's file. */
  readonly path: string
  /** Of this project's journal, as the router names its own. */
  readonly journal: string
  /** null asks how it stands. */
  readonly wish: object | null
}

/** How it stands, after the wish. Faults: NOT_RUNNING; USAGE where it can't be done. */
export async function askRouter({ path, journal, wish }: Asked): Promise<RolloutStatus> {
  const door = readDoorFile(path)
  const status = await ask(path, door, null)
  // Two projects may share a port and a token of their operator's: a word must not reach the wrong one.
  if (status.journal !== journal) {
    throw new Fault('NOT_RUNNING', `127.0.0.1:${door.port} is the router of another project, ${status.journal}`, {
      place: path,
      hint: `no router of this project runs; give one of them another canary.admin.port, and start it: shadowgate serve`,
    })
  }
  return wish === null ? status : ask(path, door, wish)
}

async function ask(path: string, { port, token }: DoorFile, wish: object | null): Promise<RolloutStatus> {
  const answer = await request(`http://127.0.0.1:${port}/ramp`, {
    method: wish === null ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: wish === null ? null : JSON.stringify(wish),
  }).catch((error: unknown) => {
    throw new Fault(
      'NOT_RUNNING',
      `no router runs here: nothing listens on 127.0.0.1:${port}, where the last one did`,
      {
        place: path,
        hint: 'it was killed; shadowgate serve goes on where it stood',
        cause: error,
      },
    )
  })
  const text = await answer.body.text()
  if (answer.statusCode === 401) {
    throw new Fault('NOT_RUNNING', `what listens on 127.0.0.1:${port} does not take this project's token`, {
      place: path,
      hint: 'another router has the port: shadowgate serve starts the one of this project, on a free canary.admin.port',
    })
  }
  const told = answerIn(text)
  if (told === null) {
    throw new Fault('NOT_RUNNING', `what listens on 127.0.0.1:${port} is no router of shadowgate`, {
      place: path,
      hint: 'shadowgate serve starts one, on a free canary.admin.port',
    })
  }
  if ('error' in told) throw new Fault('USAGE', told.error, { hint: 'shadowgate ramp says how it stands' })
  return told
}

function answerIn(text: string): RolloutStatus | { readonly error: string } | null {
  try {
    const told: unknown = JSON.parse(text)
    if (typeof told !== 'object' || told === null) return null
    return 'error' in told || 'phase' in told ? (told as RolloutStatus | { readonly error: string }) : null
  } catch {
    return null
  }
}
