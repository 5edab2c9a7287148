// Config → nouns: targets, policy, keys. What only the whole can tell (both arms alike, metrics that exist) is checked here.

import { dirname } from 'node:path'
import { Fault } from '../../core/fault.ts'
import type { Policy, Rule, Segment } from '../../core/judgement.ts'
import { nearest } from '../../core/nearest.ts'
import { withoutSecrets } from '../../core/secrets.ts'
import { type Arm, arms, type Target } from '../../core/types.ts'
import { defaultLookPolicy, driftMargins, rolloutPolicy } from '../../gate/policy.ts'
import { formats } from '../../ingest/index.ts'
import { mappingWords } from '../../ingest/mapping.ts'
import { providers } from '../../providers/index.ts'
import { vendors } from '../../providers/vendors.ts'
import { batchApiOf } from '../../replay/batch/batch-apis.ts'
import { assertionName } from '../../score/assertions/assertion-metric.ts'
import { summaryNames } from '../../score/metrics/index.ts'
import { judgePolicyOf } from '../judge/judge-policy.ts'
import { assertionRules, assertionsOf } from './assertion-schema.ts'
import { headerHashesOf } from './header-hashes.ts'
import { keyNamed } from './key-named.ts'
import type { Config, RuleConfig } from './schema.ts'

/** Faults: BAD_CONFIG for an API or a log format that is not there, or arms whose deadlines differ. */
export function targetsOf(config: Config, file: string): Record<Arm, Target> {
  for (const [index, { format }] of config.logs.entries()) {
    const known = ['auto', mappingWords.name, ...formats.map(({ name }) => name)]
    if (!known.includes(format))
      throw unknownWord({
        code: 'BAD_CONFIG',
        what: 'log format',
        word: format,
        known,
        place: `${file} logs[${index}].format`,
      })
  }
  for (const arm of arms) requireSpeakable(config.targets[arm], `${file} targets.${arm}`)
  if (config.judge !== undefined) requireSpeakable(config.judge.target, `${file} judge.target`)
  requireSameApi(config, file)
  requireSameDeadlines(config, file)
  const targets = { production: targetOf('production', config), candidate: targetOf('candidate', config) }
  if (config.replay.lane === 'batch') requireBatches(config, targets, file)
  return targets
}

/** An API and a vendor that are there, at an address that holds no secret. */
function requireSpeakable({ api, vendor, baseUrl }: Config['targets'][Arm], place: string): void {
  const apis = providers.map(({ name }) => name)
  if (!apis.includes(api))
    throw unknownWord({ code: 'BAD_CONFIG', what: 'API', word: api, known: apis, place: `${place}.api` })
  const names = vendors.map(({ name }) => name)
  if (vendor !== undefined && !names.includes(vendor))
    throw unknownWord({ code: 'BAD_CONFIG', what: 'vendor', word: vendor, known: names, place: `${place}.vendor` })
  requireBareUrl(baseUrl, `${place}.baseUrl`)
}

/** A batch API for both arms, and no pace to keep. */
function requireBatches({ replay }: Config, targets: Record<Arm, Target>, file: string): void {
  for (const arm of arms) batchApiOf(targets[arm], `${file} replay.lane`)
  if (replay.pace === 'closed') return
  throw new Fault('BAD_CONFIG', 'an open loop sends when the log says; a batch is answered when its provider likes', {
    place: `${file} replay.pace`,
    hint: 'replay.lane: live keeps the pace, pace: closed has none',
  })
}

function targetOf(arm: Arm, { targets, prices }: Config): Target {
  return targetFrom(arm, targets[arm], prices)
}

/** `arm`: in whose place it is asked; a judge is in neither's. */
export function targetFrom(arm: Arm, target: Config['targets'][Arm], prices: Config['prices']): Target {
  const headerHashes = headerHashesOf(target.headers)
  return {
    arm,
    api: target.api,
    vendor: target.vendor ?? null,
    baseUrl: target.baseUrl,
    model: target.model ?? null,
    keyFrom: target.keyFrom ?? null,
    headerNames: Object.keys(target.headers),
    ...(Object.keys(headerHashes).length > 0 && { headerHashes }),
    ...(Object.keys(target.rename).length > 0 && { rename: target.rename }),
    overrides: target.overrides,
    concurrency: target.concurrency,
    limits: {
      requestsPerMinute: target.limits.requestsPerMinute ?? null,
      tokensPerMinute: target.limits.tokensPerMinute ?? null,
    },
    timeouts: {
      connectMs: target.connectTimeoutMs,
      firstTokenMs: Math.min(target.firstTokenTimeoutMs ?? target.timeoutMs, target.timeoutMs),
      idleMs: Math.min(target.idleTimeoutMs ?? target.timeoutMs, target.timeoutMs),
      totalMs: target.timeoutMs,
    },
    retries: target.retries,
    pricePerMillion: target.pricePerMillion ?? pricesOf(prices, target.model),
  }
}

function pricesOf(prices: Config['prices'], model: string | undefined): Target['pricePerMillion'] {
  return model !== undefined && Object.hasOwn(prices, model) ? (prices[model] ?? null) : null
}

/** Addresses are stored and shown in reports. */
export function requireBareUrl(url: string, place: string): void {
  const { username, password } = new URL(url)
  if (!username && !password && withoutSecrets(url).found === 0) return
  const hint = 'name the variable that holds it: keyFrom: { env: PROD_KEY }, or a header with ${VAR}'
  throw new Fault('BAD_CONFIG', 'the address holds a credential, and addresses are stored', { place, hint })
}

const sameForBoth = ['timeoutMs', 'connectTimeoutMs', 'firstTokenTimeoutMs', 'idleTimeoutMs', 'retries'] as const

/** A body is asked as it was captured: what one API would make of another's is not for us to guess. */
function requireSameApi({ targets: { production, candidate } }: Config, file: string): void {
  if (production.api === candidate.api) return
  const message = `both arms must speak the API that the log is written in: production ${production.api}, candidate ${candidate.api}`
  const hint = 'put a gateway that translates in front of the candidate, and name its API'
  throw new Fault('BAD_CONFIG', message, { place: `${file} targets.candidate.api`, hint })
}

/** A shorter deadline or fewer retries would make an arm look worse, or better, by decree. */
function requireSameDeadlines(config: Config, file: string): void {
  const { production, candidate } = config.targets
  for (const name of sameForBoth) {
    if (production[name] === candidate[name]) continue
    const message = `both arms need the same ${name}: production has ${production[name]}, candidate ${candidate[name]}`
    throw new Fault('BAD_CONFIG', message, { place: `${file} targets.candidate.${name}` })
  }
}

/** Reads the keys that the targets name. Fault: KEY_MISSING. */
export function keysOf(
  targets: Record<Arm, Target>,
  env: Readonly<Record<string, string | undefined>>,
): Record<Arm, string | null> {
  const keyFor = (arm: Arm) => keyOf(targets[arm], env, `targets.${arm}`)
  return { production: keyFor('production'), candidate: keyFor('candidate') }
}

/** null where none is named. Fault: KEY_MISSING. */
export function keyOf(
  { keyFrom }: Target,
  env: Readonly<Record<string, string | undefined>>,
  place: string,
): string | null {
  return keyFrom === null ? null : keyNamed(keyFrom.env, env, `${place}.keyFrom.env`)
}

/** The inherited rules, as the config changes them. `folder`: of the config. Faults: BAD_POLICY, BAD_ASSERTION. */
export function policyOf(config: Config, file: string, folder = dirname(file)): Policy {
  const { gate } = config
  const assertions = assertionsOf(config.assertions, { file, folder })
  const judge = judgePolicyOf(config)
  const known = [...summaryNames, ...assertions.map(assertionName), ...(judge === null ? [] : ['judge'])]
  const inherited = [
    ...(gate.extends === 'rollout' ? rolloutPolicy.rules : []),
    ...gate.expectRefusal.map(refusalRule),
    ...assertionRules(config.assertions),
    ...(config.judge === undefined ? [] : [judgeRule(config.judge)]),
  ]
  const rules = new Map<string, Rule>(inherited.map((rule) => [ruleKey(rule), rule]))
  for (const [index, changed] of gate.rules.entries()) {
    const place = `${file} gate.rules[${index}]`
    if (!known.includes(changed.metric)) {
      throw unknownWord({
        code: 'BAD_POLICY',
        what: 'metric',
        word: changed.metric,
        known,
        place: `${place}.metric`,
      })
    }
    const key = ruleKey(changed)
    if (changed.severity === 'off') {
      if (changed.canary !== undefined) {
        const hint = 'stage: canary with a severity makes a rule for users alone'
        throw new Fault('BAD_POLICY', 'a rule that is off has nothing to do in the canary', { place, hint })
      }
      // Without this, a segment's name with a typo would leave on what was to be off.
      if (!rules.delete(key)) throw new Fault('BAD_POLICY', 'there is no such rule to turn off', { place })
    } else rules.set(key, mergeRule(rules.get(key), changed, place))
  }
  const { level, maxExcluded, segments, hold, earlyStop, failFast, minMinutes } = gate
  const looks = earlyStop ? { ...defaultLookPolicy, failFast, minMinutes } : null
  const own = { level, maxExcluded, hold, looks, rules: [...rules.values()], segments: [...new Set(segments)] }
  return {
    ...rolloutPolicy,
    ...own,
    ...(assertions.length > 0 && { assertions }),
    ...(judge && { judge }),
    ...driftPolicyOf(gate),
    ...(gate.nights > 1 && { nights: gate.nights }),
  }
}

function driftPolicyOf({ drift: { severity, margin } }: Config['gate']): Pick<Policy, 'drift'> {
  return severity === 'off' ? {} : { drift: { severity, margins: { ...driftMargins, 'text-similarity': margin } } }
}

function judgeRule({ margin, severity }: NonNullable<Config['judge']>): Rule {
  return { metric: 'judge', segment: null, margin, severity, mode: 'worse', stage: 'replay' }
}

/** Where refusing is right, what counts is that as many are still refused. */
function refusalRule(segment: Segment): Rule {
  return {
    metric: 'refused',
    segment,
    margin: 0.02,
    severity: 'block',
    mode: 'worse',
    stage: 'replay',
    better: 'higher',
  }
}

function ruleKey(rule: { metric: string; segment?: { key: string; value: string } | null | undefined }): string {
  return [rule.metric, rule.segment?.key ?? '', rule.segment?.value ?? ''].join('\u0000')
}

function mergeRule(inherited: Rule | undefined, changed: RuleConfig, place: string): Rule {
  const margin = changed.margin ?? inherited?.margin
  const severity = changed.severity ?? inherited?.severity
  if (margin === undefined || severity === undefined || severity === 'off') {
    throw new Fault('BAD_POLICY', `a new rule needs margin and severity`, { place })
  }
  const mode = changed.mode ?? inherited?.mode ?? 'worse'
  if (margin <= 0) {
    const message =
      'a margin of 0 can never be shown to hold, even by two equal models: name the least change that matters'
    throw new Fault('BAD_POLICY', message, {
      place: `${place}.margin`,
      hint: 'mode: difference fails on any worsening, with a margin as tolerance',
    })
  }
  return {
    metric: changed.metric,
    segment: changed.segment ?? inherited?.segment ?? null,
    margin,
    severity,
    mode,
    stage: changed.stage ?? inherited?.stage ?? 'replay',
    // A severity that was chosen holds at both stages: what was inherited went with the other one.
    ...canaryOf(changed.canary ?? (changed.severity === undefined ? inherited?.canary : undefined)),
    ...(inherited?.better && { better: inherited.better }),
  }
}

function canaryOf(canary: Rule['canary']): Pick<Rule, 'canary'> {
  return canary === undefined ? {} : { canary }
}

function unknownWord(about: {
  code: 'BAD_CONFIG' | 'BAD_POLICY'
  what: string
  word: string
  known: readonly string[]
  place: string
}): Fault {
  const meant = nearest(about.word, about.known)
  const question = meant ? `; did you mean "${meant}"?` : '.'
  return new Fault(
    about.code,
    `there is no ${about.what} called "${about.word}"${question} There is ${about.known.join(', ')}`,
    { place: about.place },
  )
}
