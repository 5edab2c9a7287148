// What a setting says of itself.

import { z } from 'zod'

/**
 * A setting's flag is its path (`sample.size` → `--sample-size`), without `targets.`; its environment variable is
 * `SHADOWGATE_` and the same words. `value` names the flag's argument in help texts; without it there is no flag. `flag` is
 * for the few that people type by hand.
 */
export type SettingMeta = { readonly description: string; readonly value?: string; readonly flag?: string }

export function about(description: string, value?: string, flag?: string): SettingMeta {
  if (value === undefined) return { description }
  return flag === undefined ? { description, value } : { description, value, flag }
}

export const share = z.number().min(0).max(1)
