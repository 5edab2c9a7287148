// What became of a gate, as the steps hand it on in their environment, and when it fails the job.
// @ts-check

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { field, setting, textField } from './api.mjs'

/** The exit status of each decision: `src/core/fault.ts` of shadowgate. A GO that is held exits as INCONCLUSIVE. */
export const statuses = /** @type {const} */ ({ GO: 0, 'NO-GO': 1, INCONCLUSIVE: 2, INVALID: 3 })

/** No record came since the last judged run: no verdict, and no error. */
export const nothingNew = 4

/** @typedef {keyof typeof statuses} Decision */

/**
 * @typedef {object} Finding
 * @property {string} name metric, and segment where it is about one
 * @property {string} severity
 * @property {string} because
 */

/**
 * @typedef {object} Verdict
 * @property {Decision} decision
 * @property {boolean} held
 * @property {string} because
 * @property {string} runId
 * @property {number} status what shadowgate exits with
 * @property {readonly Finding[]} failed
 */

/**
 * The verdict in a report's folder; null where there is none that can be read.
 * @param {string} folder
 * @returns {Verdict | null}
 */
export function readVerdict(folder) {
  const file = join(folder, 'verdict.json')
  if (folder === '' || !existsSync(file)) return null
  /** @type {unknown} */
  const json = JSON.parse(readFileSync(file, 'utf8'))
  const decision = /** @type {Decision} */ (field(json, 'decision'))
  if (typeof decision !== 'string' || !Object.hasOwn(statuses, decision)) return null
  const held = field(json, 'held') === true
  const findings = field(json, 'findings')
  return {
    decision,
    held,
    because: textField(json, 'because'),
    runId: textField(field(json, 'run'), 'id'),
    status: statuses[held ? 'INCONCLUSIVE' : decision],
    failed: (Array.isArray(findings) ? findings : [])
      .filter((each) => field(each, 'outcome') === 'fail')
      .map(failedRule),
  }
}

/**
 * @param {unknown} finding
 * @returns {Finding}
 */
function failedRule(finding) {
  const segment = field(finding, 'segment')
  const where = segment ? ` [${textField(segment, 'key')}: ${textField(segment, 'value')}]` : ''
  return {
    name: `${textField(finding, 'metric')}${where}`,
    severity: textField(finding, 'severity'),
    because: textField(finding, 'because'),
  }
}

/** Of the environment: `status` is the gate's exit status (null where nobody says it), `folder` the report's, absolute. */
export function handedOn() {
  const folder = setting('REPORT_FOLDER')
  const said = setting('GATE_STATUS')
  const status = said === '' ? null : Number(said)
  return { folder, status, verdict: readVerdict(folder) }
}

/** @typedef {'not-go' | 'no-go' | 'never'} FailOn */

/**
 * Whether the job fails. A gate that could not judge fails it always: a green job would say that somebody had looked. Where
 * nothing came there was nothing to judge.
 * @param {{ verdict: Pick<Verdict, 'decision' | 'held'> | null, status: number | null }} gate
 * @param {string} failOn
 */
export function isFailure({ verdict, status }, failOn) {
  if (verdict === null) return status !== nothingNew
  if (failOn === 'never') return false
  if (failOn === 'no-go') return verdict.decision === 'NO-GO' || verdict.decision === 'INVALID'
  return verdict.decision !== 'GO' || verdict.held
}

/** @param {Verdict} verdict */
export function wordOf({ decision, held }) {
  return held ? `${decision}, held for a person` : decision
}
