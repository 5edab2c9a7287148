// Step of the action: the report in the job's summary, and annotations for the verdict and the rules that failed.
// @ts-check

import { appendFileSync, existsSync, statSync } from 'node:fs'
import { setting } from './api.mjs'
import { joined, longBody, pointer, shortBody } from './body.mjs'
import { handedOn, nothingNew, wordOf } from './outcome.mjs'
import { annotate } from './workflow-commands.mjs'

/** GitHub drops a summary above 1 MiB without a word; more than this nobody reads. */
const maxBytes = 64 * 1024
/** GitHub shows ten of each level in a step. */
const maxRules = 10
const maxMessage = 1000

const gate = handedOn()
const { verdict, status } = gate
writeSummary(setting('GITHUB_STEP_SUMMARY'))
annotateVerdict()

/** @param {string} file */
function writeSummary(file) {
  if (file === '') return
  const room = maxBytes - 1 - (existsSync(file) ? statSync(file).size : 0)
  const bodies = [longBody(verdict, gate), shortBody(verdict, status)].map((body) => joined(['', body, pointer()]))
  const fitting = bodies.find((body) => Buffer.byteLength(body) + 1 <= room)
  // The blank line ends what an earlier command of this step wrote.
  if (fitting !== undefined) appendFileSync(file, `\n${fitting}`)
  else process.stdout.write('The step’s summary is full: the report is not in it.\n')
}

function annotateVerdict() {
  if (verdict === null && status === nothingNew) {
    annotate(
      'notice',
      'Nothing new',
      'No record came since the last judged run: nothing was sent, and its verdict stands.',
    )
    return
  }
  if (verdict === null) {
    annotate(
      'error',
      'shadowgate could not judge',
      `It ended with status ${status ?? 'unknown'}; the log of this job says why.`,
    )
    return
  }
  const isBad = verdict.decision === 'NO-GO' || verdict.decision === 'INVALID'
  const level = verdict.status === 0 ? 'notice' : 'warning'
  annotate(isBad ? 'error' : level, wordOf(verdict), verdict.because.slice(0, maxMessage))
  for (const { name, severity, because } of verdict.failed.slice(0, maxRules)) {
    annotate(severity === 'block' ? 'warning' : 'notice', name, because.slice(0, maxMessage))
  }
}
