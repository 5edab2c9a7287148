// What of a target's extra headers may be kept, so that another model behind the same address is known.

import { createHash } from 'node:crypto'
import { withoutSecrets } from '../../core/secrets.ts'

/**
 * Headers that choose what answers, and are no secrets by what their vendors say. Of all others the names alone are kept: a value may be
 * a secret, whatever it looks like, and a short one is found again from its hash.
 */
const choosing: ReadonlySet<string> = new Set([
  'anthropic-beta',
  'anthropic-version',
  'openai-beta',
  'openai-organization',
  'openai-project',
  'x-goog-user-project',
  'x-portkey-provider',
])

export function isChoosing(header: string): boolean {
  return choosing.has(header.toLowerCase())
}

/** Lower-case name → hash of the value. */
export function headerHashesOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const told = Object.entries(headers).filter(([name, value]) => isChoosing(name) && withoutSecrets(value).found === 0)
  return Object.fromEntries(told.map(([name, value]) => [name.toLowerCase(), hashOf(value)]))
}

function hashOf(value: string): string {
  return createHash('sha256').update(value.trim()).digest('hex').slice(0, 16)
}
