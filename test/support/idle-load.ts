// The load of a router that has nothing to do.

import type { Load } from '../../src/commands/canary/status/load.ts'

export const idleLoad: Load = {
  underWay: { production: 0, candidate: 0 },
  leaving: null,
  isDraining: false,
  active: 0,
  targets: { production: [], candidate: [] },
  waiting: { production: 0, candidate: 0 },
  clients: { open: 0, refused: 0, stalled: 0 },
}
