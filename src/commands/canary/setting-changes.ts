// Which settings a router takes up under traffic, and which are other in a config that is read again.

import { isDeepStrictEqual } from 'node:util'
import type { SettingChange } from '../../core/rollout.ts'
import { withoutSecrets } from '../../core/secrets.ts'
import type { Json } from '../../core/types.ts'
import { isChoosing } from '../config/header-hashes.ts'
import type { Config } from '../config/schema.ts'

/** `now`: requests that come after it meet it. `restart`: what was opened or drawn by it stays. `anew`: it is another rollout. */
type When = 'now' | 'restart' | 'anew'

/** The longest beginning of a setting's path decides; of `targets`, without the arm. What is not named is no matter of the router. */
const table: Readonly<Record<string, When>> = {
  // A setting of the canary that nobody thought of here does not change by chance.
  canary: 'restart',
  'canary.mode': 'anew',
  'canary.salt': 'anew',
  'canary.key': 'anew',
  // What was seen of one model's requests says nothing of another's.
  'canary.model': 'anew',
  // Limits that hold at every moment hold for users whose number was guessed before any was seen.
  'canary.expectedUsers': 'restart',
  'canary.stages': 'now',
  'canary.guards': 'now',
  'canary.evaluateEverySeconds': 'now',
  'canary.minUsers': 'now',
  'canary.segments': 'now',
  'canary.stratify': 'now',
  'canary.overrideHeader': 'now',
  'canary.traceHeader': 'now',
  'canary.tellsArm': 'now',
  'canary.credentials': 'now',
  'canary.permit': 'now',
  'canary.logMaxMb': 'now',
  'canary.logMaxHours': 'now',
  'canary.logKeep': 'now',
  'canary.maxBodyMb': 'now',
  'canary.connections': 'now',
  'canary.moreTargets': 'now',
  'canary.breaker': 'now',
  'canary.limits.waiting': 'now',
  'canary.limits.waitSeconds': 'now',
  'canary.drain': 'now',
  'canary.maxCopies': 'now',
  'gate.level': 'now',
  'gate.rules': 'now',
  'gate.extends': 'now',
  assertions: 'now',
  'privacy.personalData': 'now',
  'targets.api': 'anew',
  'targets.vendor': 'anew',
  'targets.baseUrl': 'anew',
  'targets.model': 'anew',
  'targets.rename': 'anew',
  'targets.overrides': 'anew',
  'targets.keyFrom': 'now',
  // Values of most, that is.
  'targets.headers': 'now',
  'targets.timeoutMs': 'now',
  'targets.connectTimeoutMs': 'now',
  'targets.firstTokenTimeoutMs': 'now',
  'targets.idleTimeoutMs': 'now',
  'targets.pricePerMillion': 'now',
  prices: 'now',
}

/** For help texts. */
export const reloadable: readonly string[] = Object.entries(table).flatMap(([setting, when]) =>
  when === 'now' ? [setting] : [],
)

export interface Change extends SettingChange {
  readonly when: When
}

/** Of two checked configs, in the order of their settings. Values that may be secret are not shown. */
export function changesBetween(before: Config, after: Config): Change[] {
  return changesAt('', before as unknown as Json, after as unknown as Json).flatMap((change) => {
    const when = isAnotherHeader(change) ? 'anew' : whenOf(change.setting)
    return when === null ? [] : [{ ...change, when }]
  })
}

export function changesText(changes: readonly SettingChange[]): string {
  if (changes.length === 0) return 'nothing that the router goes by has changed'
  return changes.map(({ setting, before, after }) => `${setting}  ${before} → ${after}`).join('\n')
}

/** Another name, or another value of one that chooses what answers: it is in what a GO and a rollback are about. A secret may rotate. */
function isAnotherHeader({ setting, before, after }: SettingChange): boolean {
  const [, name] = /^targets\.(?:production|candidate)\.headers\.(.+)$/.exec(setting) ?? []
  return name !== undefined && (isChoosing(name) || before === none || after === none)
}

function whenOf(setting: string): When | null {
  const path = setting.replace(/^targets\.(?:production|candidate)/, 'targets').split('.')
  for (let steps = path.length; steps > 0; steps--) {
    const when = table[path.slice(0, steps).join('.')]
    if (when !== undefined) return when
  }
  return null
}

/** Lists are told as a whole: places in them say nothing once one is put in. */
function changesAt(setting: string, before: Json | undefined, after: Json | undefined): SettingChange[] {
  if (isDeepStrictEqual(before, after)) return []
  if (isSection(before) && isSection(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
      changesAt(setting === '' ? name : `${setting}.${name}`, before[name], after[name]),
    )
  }
  return [{ setting, before: shown(setting, before), after: shown(setting, after) }]
}

function isSection(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const mostShown = 500
const none = '(none)'

function shown(setting: string, value: Json | undefined): string {
  if (value === undefined) return none
  if (/\.headers\b|\.salt$|\.moreTargets\b/.test(setting)) return '(not shown)'
  const { text } = withoutSecrets(JSON.stringify(value))
  return text.length <= mostShown ? text : `${text.slice(0, mostShown)}…`
}
