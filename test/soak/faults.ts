// The roster of faults, by name.

import type { Fault } from './fault.ts'
import { disks } from './faults/disks.ts'
import { kills } from './faults/kills.ts'
import { logs } from './faults/logs.ts'
import { mishaps } from './faults/mishaps.ts'
import { targets } from './faults/targets.ts'

const quiet: Fault = { name: 'quiet', what: 'nothing goes wrong', comesTo: ['judged'], isQuiet: true }

export const faults: ReadonlyMap<string, Fault> = new Map(
  [quiet, ...kills, ...disks, ...targets, ...logs, ...mishaps].map((fault) => [fault.name, fault]),
)
