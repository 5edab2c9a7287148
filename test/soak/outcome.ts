// What a job came to, read from what it printed and how it ended, as a scheduler would.

import type { Came } from './fault.ts'
import type { JobResult } from './job.ts'

export interface Outcome {
  readonly came: Came
  readonly runId: string | null
  /** Also of a job that was killed once it had printed it. */
  readonly decision: string | null
  readonly isHeld: boolean
  /** What a fault said; null where there was none. */
  readonly because: string | null
}

interface Printed {
  readonly decision?: string | null
  readonly held?: boolean
  readonly run?: { readonly id: string }
  readonly error?: { readonly code: string; readonly message: string }
}

export function outcomeOf({ signal, stdout, stderr }: JobResult): Outcome {
  const nothing = { runId: null, decision: null, isHeld: false, because: null }
  const printed = printedIn(stdout)
  // Where a limit stands for a full disk, what is written as the process ends may end it by a signal; its log has said why it ends.
  const logged = signal === 'SIGXFSZ' ? /"code":"([A-Z_]+)"/.exec(stderr)?.[1] : undefined
  if (logged !== undefined) return { ...nothing, came: logged }
  if (signal !== null)
    return { ...nothing, came: 'killed', decision: printed?.decision ?? null, isHeld: printed?.held === true }
  if (printed === null) return { came: 'no JSON on standard output', ...nothing }
  if (printed.error) {
    const { code: came, message } = printed.error
    return { ...nothing, came, because: message.length > 90 ? `${message.slice(0, 90)}…` : message }
  }
  if (printed.decision === null) return { came: 'nothing-new', ...nothing }
  return {
    ...nothing,
    came: 'judged',
    runId: printed.run?.id ?? null,
    decision: printed.decision ?? null,
    isHeld: printed.held === true,
  }
}

/** One document, or the last line where a verdict was printed and something failed after it. */
function printedIn(stdout: string): Printed | null {
  for (const text of [stdout, stdout.trimEnd().split('\n').at(-1) ?? '']) {
    try {
      return JSON.parse(text)
    } catch {
      // The next.
    }
  }
  return null
}

/** As the README's table has it. */
export function documentedStatus({ came, decision, isHeld }: Outcome): number | null {
  if (came === 'judged') {
    if (isHeld) return 2
    return { GO: 0, 'NO-GO': 1, INCONCLUSIVE: 2, INVALID: 3 }[decision ?? ''] ?? null
  }
  const byName: Readonly<Record<string, number>> = {
    'nothing-new': 4,
    INTERRUPTED: 130,
    STORE_UNWRITABLE: 69,
    STORE_LOCKED: 69,
    TARGET_UNREACHABLE: 69,
    REPORT_UNWRITABLE: 65,
  }
  return byName[came] ?? null
}
