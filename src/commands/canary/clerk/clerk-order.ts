// What the clerk is told of a config: all of it plain data, since it goes to another thread.

import type { Arm } from '../../../core/types.ts'
import type { ArmOrder } from '../../../replay/orders.ts'
import { personalDataOf } from '../../ingest/privacy-words.ts'
import type { Session } from '../../session/session.ts'
import { servedArm } from '../connect-arms.ts'
import { controlKeys, hasOwnCache } from '../control.ts'
import { fingerprintOf, settingsOf } from '../journal/fingerprint.ts'
import type { Tracing } from '../metrics/tracing.ts'
import type { ClerkOrder } from './clerk-thread.ts'

export interface ClerkOrderOptions {
  readonly orders: Readonly<Record<Arm, ArmOrder>>
  readonly logPath: string
  /** null where nobody traces. */
  readonly tracing: Tracing | null
}

const megabyte = 1_000_000

export function clerkOrderOf(session: Session, { orders, logPath, tracing }: ClerkOrderOptions): ClerkOrder {
  const { config, policy, folder, targets, world } = session
  const { canary } = config
  const personal = personalDataOf(config)
  const asked = [
    ...servedArm(session, 'production', orders.production).requests,
    ...servedArm(session, 'candidate', orders.candidate).requests,
    orders.production,
    controlKeys(session),
  ]
  return {
    policy,
    folder,
    targets,
    settings: { production: settingsOf(targets.production), candidate: settingsOf(targets.candidate) },
    comparison: { level: policy.level, expectedUsers: canary.expectedUsers, minUsers: canary.minUsers },
    stratify: canary.stratify ?? null,
    reportsCache: { production: true, candidate: true },
    // In the other modes both arms are asked as often.
    isCacheMatched: canary.mode !== 'canary' || hasOwnCache(config),
    logPath,
    log: {
      maxBytes: canary.logMaxMb * megabyte,
      maxAgeMs: canary.logMaxHours * 3_600_000,
      keep: canary.logKeep,
    },
    personal: personal && { ...personal, salt: canary.salt },
    keys: asked.map(({ key, headers }) => ({ key, headers })),
    spans: tracing && { ...tracing, version: world.versions.shadowgate, fingerprint: fingerprintOf(session) },
  }
}
