// What goes through the router now: requests under way by arm, targets that are down, and how much there is to wait for.

import type { TargetState } from '../../../canary/proxy/arm-targets.ts'
import type { ClientCounts } from '../../../canary/proxy/client-server.ts'
import type { Arm, Instant } from '../../../core/types.ts'
import { arms } from '../../../core/types.ts'
import { counted } from '../../../report/format.ts'
import type { Rollout } from '../rollout.ts'

export interface Load {
  /** Requests of the rollout, by the arm that they were dealt to. */
  readonly underWay: Readonly<Record<Arm, number>>
  /** The arm that was left last, by a flip or a rollback; null where none was. */
  readonly leaving: { readonly arm: Arm; readonly since: Instant; readonly emptyAt: Instant | null } | null
  /** Whether the router is on its way out: `active` requests are waited for. */
  readonly isDraining: boolean
  /** All requests, copies included. */
  readonly active: number
  readonly targets: Readonly<Record<Arm, readonly TargetState[]>>
  /** Requests that wait for a place at an arm. */
  readonly waiting: Readonly<Record<Arm, number>>
  readonly clients: ClientCounts
}

export function loadOf({ proxy, arms: armsNow, isDraining }: Rollout): Load {
  const { production, candidate } = armsNow()
  const leaving = proxy.underWay.leaving()
  return {
    underWay: proxy.underWay.counts(),
    leaving: leaving && {
      arm: leaving.arm,
      since: instantOf(leaving.sinceMs),
      emptyAt: leaving.emptyAtMs === null ? null : instantOf(leaving.emptyAtMs),
    },
    isDraining: isDraining(),
    active: proxy.active(),
    targets: { production: production.states(), candidate: candidate.states() },
    waiting: { production: production.waiting(), candidate: candidate.waiting() },
    clients: proxy.clients(),
  }
}

/** Nothing where all is well. */
export function loadLines({ underWay, leaving, isDraining, active, targets }: Load): string[] {
  const lines: string[] = []
  if (isDraining) lines.push(`drains   ${counted(active, 'request')} ${active === 1 ? 'is' : 'are'} waited for`)
  if (leaving !== null) {
    const { arm, emptyAt } = leaving
    const still = `${counted(underWay[arm], 'request')} ${underWay[arm] === 1 ? 'is' : 'are'} still there`
    lines.push(`left     ${arm}: ${emptyAt === null ? still : `the last request ended at ${emptyAt}`}`)
  }
  for (const arm of arms) {
    for (const { name, breaker, waitMs } of targets[arm]) {
      if (breaker === 'closed') continue
      const next = waitMs > 0 ? `is tried again in ${Math.ceil(waitMs / 1000)} s` : 'is tried by the next request'
      lines.push(`down     ${arm} at ${name}: it failed many times in a row, and ${next}`)
    }
  }
  return lines
}

function instantOf(ms: number): Instant {
  return new Date(ms).toISOString()
}
