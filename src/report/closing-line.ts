// The line that ends a run in CI: gates counted as tests are.

import type { Finding } from '../core/judgement.ts'

/** "6 passed, 2 failed, 2 skipped". Inconclusive and not evaluable rules are skipped: never passed. */
export function closingLine(findings: readonly Pick<Finding, 'outcome'>[]): string {
  const of = (outcome: Finding['outcome']) => findings.filter((finding) => finding.outcome === outcome).length
  return `${of('pass')} passed, ${of('fail')} failed, ${of('inconclusive') + of('not-evaluable')} skipped`
}
