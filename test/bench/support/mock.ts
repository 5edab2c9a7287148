// Starts the mock provider, sets its pace, reads what came.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { MockCommand, MockCounts, MockSettings } from '../children/mock-server.ts'

export interface Mock extends AsyncDisposable {
  /** Ports of the two arms; one process serves both. */
  readonly ports: { readonly production: number; readonly candidate: number }
  /** Sets counts, ids and CPU time to nothing. */
  readonly reset: (settings?: Partial<MockSettings>) => Promise<void>
  readonly read: () => Promise<MockCounts>
}

/** What the arms are asked for: of one length, so that both requests have one length too. */
export const models = { production: 'mock-current', candidate: 'mock-swapped' }

const script = fileURLToPath(new URL('../children/mock-server.ts', import.meta.url))

export async function startMock(): Promise<Mock> {
  const child = fork(script, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [ports] = (await once(child, 'message')) as [Mock['ports']]
  const ask = async (command: MockCommand): Promise<unknown> => {
    child.send(command)
    const [reply] = await once(child, 'message')
    return reply
  }
  return {
    ports,
    reset: async (settings = {}) => {
      await ask({ kind: 'reset', settings: { delayMs: 0, stream: null, ...settings } })
    },
    read: async () => (await ask({ kind: 'read' })) as MockCounts,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

/** A run that asked more or less than each arm once for each pair measured something else. */
export function requireRequests({ production, candidate }: MockCounts, pairs: number, who: string): void {
  if (production === pairs && candidate === pairs) return
  throw new Error(`${who}: ${production} and ${candidate} requests came instead of ${pairs} to each arm`)
}

export function meanResidenceMs({ residenceMs }: MockCounts): number {
  return residenceMs.reduce((sum, ms) => sum + ms, 0) / Math.max(1, residenceMs.length)
}
