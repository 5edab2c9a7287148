// What a judge's answers hang on, from the config.

import { createHash } from 'node:crypto'
import type { JudgePolicy } from '../../core/judgement.ts'
import { questionVersion } from '../../score/judge/question.ts'
import type { Config } from '../config/schema.ts'

/** null where the config names no judge. */
export function judgePolicyOf({ judge }: Config): JudgePolicy | null {
  if (judge === undefined) return null
  const { api, model = null, overrides, rename } = judge.target
  const { criteria, share } = judge
  const about = JSON.stringify([
    questionVersion,
    api,
    model,
    overrides,
    criteria,
    ...(Object.keys(rename).length > 0 ? [rename] : []),
  ])
  const fingerprint = createHash('sha256').update(about).digest('hex').slice(0, 12)
  return { api, model, criteria, ...(share < 1 && { share }), fingerprint }
}
