// The users of a rehearsal: each carries a key where the config looks for one, and falls to the candidate or to the control by it.

import type { Compared } from '../../../canary/comparing/tally.ts'
import { bucketOf } from '../../../canary/dealing/bucket.ts'
import { groupOf, type Split } from '../../../canary/dealing/split.ts'
import { type KeySource, userKeyOf } from '../../../canary/dealing/user-key.ts'
import type { JsonObject } from '../../../core/types.ts'
import { isObject } from '../../../providers/shape.ts'

/** What a request of one user carries beside its question. */
export interface DrillUser {
  readonly headers: Readonly<Record<string, string>>
  readonly fields: JsonObject
}

export interface Peopling {
  readonly source: KeySource
  readonly salt: string
  readonly split: Split
  readonly seed: number
  readonly perGroup: number
}

/** As many of the candidate as of the control. All others are served by production and compared with nobody: they are left out. */
export function usersOf({ source, salt, split, seed, perGroup }: Peopling): readonly DrillUser[] {
  const found: Record<Compared, DrillUser[]> = { candidate: [], control: [] }
  const isFull = (group: Compared) => split[group] === 0 || found[group].length === perGroup
  for (let number = 0; !isFull('candidate') || !isFull('control'); number++) {
    const user = carrying(source, `drill-${seed}-${number}`)
    const key = userKeyOf({ headers: user.headers, body: user.fields }, [source])
    if (key === null) throw new Error('a user of the drill carries no key')
    const group = groupOf(bucketOf(key, salt), split)
    if (group !== 'candidate' && group !== 'control') continue
    if (!isFull(group)) found[group].push(user)
  }
  return [...found.candidate, ...found.control]
}

function carrying(source: KeySource, key: string): DrillUser {
  if ('header' in source) return { headers: { [source.header.toLowerCase()]: key }, fields: {} }
  if ('cookie' in source) return { headers: { cookie: `${source.cookie}=${key}` }, fields: {} }
  if ('body' in source) return { headers: {}, fields: nested(source.body.split('.'), key) }
  return { headers: { authorization: `Bearer ${key}` }, fields: {} }
}

function nested([name, ...deeper]: readonly string[], value: string): JsonObject {
  return name === undefined ? {} : { [name]: deeper.length === 0 ? value : nested(deeper, value) }
}

/** The body with the user's fields, which may lie within one that is there already. */
export function withFields(body: JsonObject, fields: JsonObject): JsonObject {
  const merged = Object.entries(fields).map(([name, value]) => {
    const own = body[name]
    return [name, isObject(own) && isObject(value) ? withFields(own, value) : value] as const
  })
  return { ...body, ...Object.fromEntries(merged) }
}
