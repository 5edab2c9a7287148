// The clerk's two ends: what it says after a beginning is about what came since.

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type ClerkOrder, startClerk } from '../../../../src/commands/canary/clerk/clerk-thread.ts'
import type { Evaluation } from '../../../../src/core/rollout.ts'
import { rolloutPolicy } from '../../../../src/gate/policy.ts'
import { temporaryFolder } from '../../../support/cli.ts'
import { targetOf } from '../../../support/sender.ts'

const from = { since: '', stageSince: '', drills: [], isRenewal: false }

function started(logPath?: string) {
  const folder = temporaryFolder()
  const target = targetOf('http://127.0.0.1:1/v1')
  const order: ClerkOrder = {
    policy: rolloutPolicy,
    folder,
    targets: { production: { ...target, arm: 'production' }, candidate: target },
    comparison: { level: 0.95, expectedUsers: 300, minUsers: 50 },
    stratify: null,
    reportsCache: { production: true, candidate: true },
    isCacheMatched: true,
    logPath: logPath ?? join(folder, 'log.jsonl'),
    log: { maxBytes: 1_000_000, maxAgeMs: 1_000_000, keep: 1 },
    personal: null,
    keys: [],
    spans: null,
  }
  const evaluations: Evaluation[] = []
  const troubles: string[] = []
  const clerk = startClerk(order, {
    onEvaluation: (evaluation) => evaluations.push(evaluation),
    onReplayed: () => {},
    onTrouble: (message) => troubles.push(message),
    onNotice: () => {},
  })
  return { clerk, order, evaluations, troubles }
}

it('an evaluation that was asked for before a beginning is none of what begins', async () => {
  const { clerk, order, evaluations } = started()
  clerk.begin(from)
  clerk.evaluate('first')
  clerk.begin(from)
  clerk.evaluate('second')
  clerk.renew(order, { ...from, isRenewal: true })
  clerk.evaluate('third')
  await clerk.close()
  expect(evaluations.map(({ at }) => at)).toEqual(['third'])
})

it('a log that can’t be read does not end the evaluations', async () => {
  const { clerk, order, evaluations, troubles } = started()
  clerk.begin(from)
  // A folder where the log should be.
  clerk.renew({ ...order, logPath: order.folder }, { ...from, since: '2026-01-01T00:00:00.000Z', isRenewal: true })
  clerk.evaluate('after')
  await clerk.close()
  expect(troubles.join()).toMatch(/EISDIR/)
  expect(evaluations.map(({ at }) => at)).toEqual(['after'])
})
