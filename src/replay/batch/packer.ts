// Requests → batches: each as large as it may be, of requests that may stand together.

import type { Call } from '../plan.ts'
import type { BatchLimits } from './batch-api.ts'

export interface Packed {
  readonly calls: readonly Call[]
  readonly lines: readonly string[]
}

export interface Packer {
  /** Takes a request. Gives the batch that it no longer fitted into. */
  readonly add: (group: string, call: Call, line: string) => Packed | null
  /** What has not been given yet. */
  readonly rest: () => Packed[]
}

interface Open {
  readonly calls: Call[]
  readonly lines: string[]
  bytes: number
}

/** A request that is larger than a batch may be gets one of its own: what becomes of it is for the provider to say. */
export function createPacker(limits: BatchLimits): Packer {
  const open = new Map<string, Open>()
  return {
    add: (group, call, line) => {
      const bytes = Buffer.byteLength(line) + 1
      const found = open.get(group)
      const isFull =
        found !== undefined && (found.calls.length >= limits.requests || found.bytes + bytes > limits.bytes)
      if (found === undefined || isFull) open.set(group, { calls: [call], lines: [line], bytes })
      else {
        found.calls.push(call)
        found.lines.push(line)
        found.bytes += bytes
      }
      return isFull ? found : null
    },
    rest: () => {
      const all = [...open.values()]
      open.clear()
      return all
    },
  }
}
