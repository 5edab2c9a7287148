// Last step of the action: ends the job by the decision, with the gate's own exit status.
// @ts-check

import { setting } from './api.mjs'
import { handedOn, isFailure, wordOf } from './outcome.mjs'

const { verdict, status } = handedOn()
const failOn = setting('FAIL_ON', 'not-go')
const isFailed = isFailure({ verdict, status }, failOn)
const word = verdict === null ? 'No verdict' : wordOf(verdict)
process.stdout.write(
  `${word} (status ${status ?? 'unknown'}), fail-on: ${failOn}: the job ${isFailed ? 'fails' : 'goes on'}.\n`,
)
// Where --exit-zero was among the arguments the gate's status says nothing.
if (isFailed) process.exitCode = verdict?.status || status || 70
