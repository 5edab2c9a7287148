// What a user asks of answers, as a metric like any other: the share that satisfies it, production's beside the candidate's.

import { createHash } from 'node:crypto'
import type { Assertion } from '../../core/judgement.ts'
import type { AnsweredCall, RequestRecord } from '../../core/types.ts'
import { absent, type MeasureContext, type SideMetric, value } from '../metric.ts'
import { type Check, checkOf, type UserCheck } from './check.ts'

/** By the assertion and, where that names a module, its function. */
export function assertionMetric(assertion: Assertion, userCheck: UserCheck | null): SideMetric {
  const name = assertionName(assertion)
  const { check, segment } = assertion
  const reads = segment !== null || check.kind === 'equals-recorded' || check.kind === 'module'
  const satisfies = checkOf(check, userCheck)
  return {
    on: 'side',
    name,
    title: `Check: ${assertion.name}`,
    version: versionOf(assertion),
    unit: 'share',
    better: 'higher',
    ...(reads && { readsRecord: true }),
    summaries: [{ name, title: `Check: ${assertion.name}`, method: { kind: 'share-difference' }, minPairs: 50 }],
    measure: (call, _arm, context) => measured(call, context, { segment, satisfies }),
  }
}

export function assertionName({ name }: Pick<Assertion, 'name'>): string {
  return `assert-${name}`
}

function measured(
  { outcome }: AnsweredCall,
  { record }: MeasureContext,
  { segment, satisfies }: { readonly segment: Assertion['segment']; readonly satisfies: Check },
) {
  if (segment !== null && (record === null || !isIn(record, segment))) return absent('not-asked')
  if (outcome.kind !== 'reply') return absent('no-reply')
  const found = satisfies(outcome.reply, record)
  return typeof found === 'string' ? absent(found) : value(found)
}

function isIn({ segments }: Pick<RequestRecord, 'segments'>, { key, value: wanted }: { key: string; value: string }) {
  return Object.hasOwn(segments, key) && segments[key] === wanted
}

/** The same for the same assertion, another for another: what was measured by one is not taken for the other's. */
function versionOf(assertion: Assertion): number {
  return createHash('sha256').update(JSON.stringify(assertion)).digest().readUInt32BE() >>> 1
}
