// The metrics that a policy is about: the roster, what the user asserts of answers, and what a judge of theirs says.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { Fault, thrownMessage } from '../../core/fault.ts'
import type { Assertion, AssertionCheck, Policy } from '../../core/judgement.ts'
import { assertionMetric } from '../../score/assertions/assertion-metric.ts'
import type { UserCheck } from '../../score/assertions/check.ts'
import { judgeMetric } from '../../score/judge/judge-metric.ts'
import type { Metric } from '../../score/metric.ts'
import { metrics } from '../../score/metrics/index.ts'

/** `folder`: of the config, which the modules of assertions are named from. Fault: BAD_ASSERTION. */
export function metricsOf(policy: Pick<Policy, 'assertions' | 'judge'>, folder: string): readonly Metric[] {
  const { assertions = [], judge } = policy
  return [
    ...metrics,
    ...assertions.map((each) => assertionMetric(each, userCheckOf(each, folder))),
    ...(judge === undefined ? [] : [judgeMetric(judge)]),
  ]
}

/** Of a module's source. Fault: BAD_ASSERTION where it can't be read. */
export function moduleSha256(file: string, { folder, place }: { folder: string; place: string }): string {
  try {
    return createHash('sha256')
      .update(readFileSync(resolve(folder, file)))
      .digest('hex')
  } catch (error) {
    throw new Fault('BAD_ASSERTION', `the module can't be read: ${file}`, { place, cause: error })
  }
}

function userCheckOf({ name, check }: Assertion, folder: string): UserCheck | null {
  return check.kind === 'module' ? loaded(check, { folder, place: `assertion ${name}` }) : null
}

function loaded(check: AssertionCheck & { kind: 'module' }, about: { folder: string; place: string }): UserCheck {
  const { place, folder } = about
  if (moduleSha256(check.file, about) !== check.sha256) {
    const message = `${check.file} is not what it was when the run was judged`
    throw new Fault('BAD_ASSERTION', message, {
      place,
      hint: 'shadowgate score and gate judge the run by what it is now',
    })
  }
  const module = required(resolve(folder, check.file), about)
  const found = typeof module === 'function' && check.name === 'default' ? module : fieldOf(module, check.name)
  if (typeof found === 'function') return (answer, record) => found(answer, record)
  const message = `${check.file} exports no function called ${check.name}`
  throw new Fault('BAD_ASSERTION', message, { place, hint: 'it takes (answer, record) and returns true or false' })
}

function required(path: string, { place }: { place: string }): unknown {
  try {
    return createRequire(path)(path)
  } catch (error) {
    const why = thrownMessage(error)
    throw new Fault('BAD_ASSERTION', `the module can't be loaded: ${why}`, { place, cause: error })
  }
}

function fieldOf(module: unknown, name: string): unknown {
  return typeof module === 'object' && module !== null ? Reflect.get(module, name) : undefined
}
