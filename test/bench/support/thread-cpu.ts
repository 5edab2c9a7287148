// The processor time of another process, by thread: what others run at the same time counts little in it, unlike in seconds.

import { readdirSync, readFileSync } from 'node:fs'

export interface CpuTime {
  readonly allUs: number
  /** Of the first thread, which is the one that serves. */
  readonly firstUs: number
}

/** Linux alone. Threads that ended in between are left out. */
export function cpuTimeOf(pid: number): CpuTime {
  let [allUs, firstUs] = [0, 0]
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const us = threadUs(`/proc/${pid}/task/${thread}/schedstat`)
    allUs += us
    if (thread === String(pid)) firstUs = us
  }
  return { allUs, firstUs }
}

function threadUs(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8').split(' ', 1)[0]) / 1000
  } catch {
    return 0
  }
}
