// What `init` writes where only the user knows: nothing is sent while one of these stands in a config.

import { Fault } from '../../core/fault.ts'
import { type Arm, arms, type Target } from '../../core/types.ts'

export const placeholderUrl = 'https://api.example.com/v1'
export const placeholderModel: Readonly<Record<Arm, string>> = {
  production: 'the-model-in-production',
  candidate: 'the-model-that-may-replace-it',
}

/** The settings of these targets that are still to be filled in. */
export function placeholdersIn(targets: Readonly<Record<Arm, Target>>): readonly string[] {
  return arms.flatMap((arm) => [
    ...(targets[arm].baseUrl === placeholderUrl ? [`targets.${arm}.baseUrl`] : []),
    ...(targets[arm].model === placeholderModel[arm] ? [`targets.${arm}.model`] : []),
  ])
}

/** Fault: BAD_CONFIG. */
export function requireFilledIn(targets: Readonly<Record<Arm, Target>>, file: string): void {
  const [first, ...others] = placeholdersIn(targets)
  if (first === undefined) return
  throw new Fault(
    'BAD_CONFIG',
    `it is still to be filled in${others.length > 0 ? `, as are ${others.join(', ')}` : ''}`,
    {
      place: `${file} ${first}`,
    },
  )
}
