// A running router's door, asked as `shadowgate ramp` asks it, without the time that a process takes.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RolloutStatus } from '../../src/commands/canary/status/status.ts'

/** `wish`: what an operator says; null asks how it stands. `journal`: relative to the folder. */
export async function askDoor(
  folder: string,
  wish: object | null = null,
  journal = 'reports/canary.journal.jsonl',
): Promise<RolloutStatus> {
  const { port, token } = JSON.parse(readFileSync(join(folder, `${journal}.door`), 'utf8')) as {
    port: number
    token: string
  }
  const response = await fetch(`http://127.0.0.1:${port}/ramp`, {
    method: wish === null ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}` },
    ...(wish !== null && { body: JSON.stringify({ because: 'a test', by: 'ada', ...wish }) }),
  })
  const told = (await response.json()) as RolloutStatus | { readonly error: string }
  if ('error' in told) throw new Error(told.error)
  return told
}
