// What the doctor looks at, in this order: what a night needs first comes first.

import { canary } from './canary.ts'
import type { Check } from './check.ts'
import { clock } from './clock.ts'
import { cost } from './cost.ts'
import { disk } from './disk.ts'
import { folders } from './folders.ts'
import { lastNight } from './last-night.ts'
import { logs } from './logs.ts'
import { node } from './node.ts'
import { notify } from './notify.ts'
import { retention } from './retention.ts'
import { rules } from './rules.ts'
import { sample } from './sample.ts'
import { store } from './store.ts'
import { targets } from './targets.ts'

export const checks: readonly Check[] = [
  node,
  targets,
  logs,
  folders,
  store,
  disk,
  clock,
  rules,
  sample,
  cost,
  retention,
  notify,
  lastNight,
  canary,
]
