// What an assertion asks → a function that says whether an answer satisfies it.

import { type JsonValue, query } from 'jsonpath-rfc9535'
import { unreachable } from '../../core/fault.ts'
import type { AssertionCheck } from '../../core/judgement.ts'
import type { AbsenceReason, Json, Reply } from '../../core/types.ts'
import { isSameJson, isTooLong } from '../../diff/json-text.ts'
import { jsonOf } from '../facts.ts'
import { sameText } from '../similarity.ts'
import { limited } from './limited.ts'

/** What a function of the user's is told of the request beside the answer. */
export interface CheckedRecord {
  readonly body: Json
  readonly segments: Readonly<Record<string, string>>
  /** What production answered when the request was captured; null where the log has no answer. */
  readonly recorded: Reply | null
}

/** Of the user's: true where an answer is as it should be, else false. */
export type UserCheck = (answer: Reply, about: CheckedRecord) => unknown

/** 1 or 0, or why that can't be said. */
export type Check = (reply: Reply, record: CheckedRecord | null) => 0 | 1 | AbsenceReason

export function checkOf(check: AssertionCheck, userCheck: UserCheck | null): Check {
  switch (check.kind) {
    case 'contains':
    case 'not-contains':
      return containing(check)
    case 'regex': {
      const pattern = new RegExp(check.pattern, check.flags)
      return ({ text }) => saidBy(() => pattern.test(text))
    }
    case 'json-path':
      return (reply) => (isTooLong(reply.text) ? 'too-long' : yesOrNo(isFound(check, jsonOf(reply))))
    case 'equals-recorded':
      return ({ text }, record) =>
        record === null || record.recorded === null ? 'not-asked' : yesOrNo(sameText(text, record.recorded.text))
    case 'module':
      return byUser(userCheck)
    default:
      return unreachable(check)
  }
}

function yesOrNo(is: boolean): 0 | 1 {
  return is ? 1 : 0
}

function containing({ kind, texts, ignoreCase }: AssertionCheck & { kind: 'contains' | 'not-contains' }): Check {
  const plain = (text: string) => (ignoreCase ? text.toLowerCase() : text)
  const wanted = texts.map(plain)
  return ({ text }) => {
    const own = plain(text)
    const isThere = (each: string) => own.includes(each)
    return yesOrNo(kind === 'contains' ? wanted.every(isThere) : !wanted.some(isThere))
  }
}

function isFound({ path, equals }: AssertionCheck & { kind: 'json-path' }, json: Json | undefined): boolean {
  if (json === undefined) return false
  const found = query(json as JsonValue, path) as Json[]
  return equals === undefined ? found.length > 0 : found.some((each) => isSameJson(each, equals))
}

function byUser(userCheck: UserCheck | null): Check {
  return (reply, record) =>
    userCheck === null || record === null ? 'check-failed' : saidBy(() => userCheck(reply, record))
}

/** What throws, takes for ever, or says neither yes nor no, says nothing of a model. */
function saidBy(check: () => unknown): 0 | 1 | AbsenceReason {
  try {
    const found = limited(check)
    return typeof found === 'boolean' ? yesOrNo(found) : 'check-failed'
  } catch {
    return 'check-failed'
  }
}
