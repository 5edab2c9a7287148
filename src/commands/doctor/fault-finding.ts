// A fault as a finding: what a night would meet, with its hint and its status.

import { Fault } from '../../core/fault.ts'
import { type Finding, wrong } from './check.ts'

/** What is no fault is our bug, and thrown on. */
export function foundIn(error: unknown): Finding {
  if (!(error instanceof Fault) || error.code === 'INTERRUPTED') throw error
  return wrong(error.place ? `${error.place}: ${error.message}` : error.message, error.hint, error.status)
}
