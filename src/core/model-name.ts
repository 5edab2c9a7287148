// A target's model, and a swap of models, in words.

import type { Arm, Target } from './types.ts'
import { oneLine } from './visible-text.ts'

type Asked = Pick<Target, 'model'>

/** The model that a target asks for; "as captured" where it sends each request's own. */
export function modelName({ model }: Asked): string {
  return model === null ? 'as captured' : oneLine(model)
}

/** "gpt-4 → gpt-4-new". */
export function swapWords({ production, candidate }: Readonly<Record<Arm, Asked>>): string {
  return `${modelName(production)} → ${modelName(candidate)}`
}
