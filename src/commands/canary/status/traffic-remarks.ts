// What an operator ought to hear of the requests that come: nobody asks, no key, another model, a wrong path, a key that is refused.

import type { TrafficCounts } from '../../../canary/served/traffic.ts'
import { count, counted, span } from '../../../report/format.ts'

export interface RemarkFacts {
  /** What clients have as their base URL. */
  readonly clientUrl: string
  /** `model gpt-4 by openai-chat`. */
  readonly about: string
  /** Where a user's key is looked for, in words. */
  readonly keySources: readonly string[]
  /** The variable of the candidate's key; null where it has the client's. */
  readonly candidateKey: string | null
  /** Of the config, for hints. */
  readonly file: string
}

/** Nobody has asked for so long. */
const quietMs = 60_000
/** And once somebody had: nights are quiet. */
const quietLaterMs = 10 * 60_000
/** So many requests tell; or fewer, after a minute. */
const enough = 20

/** Gives each remark once, when it becomes true; that nobody asks, each time again. */
export function createTrafficRemarks(facts: RemarkFacts): (counts: TrafficCounts, nowMs: number) => string[] {
  const said = new Set<string>()
  const once = (key: string, text: string | null) => {
    if (text === null || said.has(key)) return []
    said.add(key)
    return [text]
  }
  return (counts, nowMs) => {
    const { lastAtMs, startedAtMs, requests } = counts
    const quiet = nowMs - (lastAtMs ?? startedAtMs)
    const quietWords = lastAtMs === null ? neverAsked(facts, quiet) : notAskedNow(quiet)
    const isEnough = requests >= enough || (requests > 0 && nowMs - startedAtMs >= quietMs)
    return [
      ...once(`quiet since ${lastAtMs}`, quietWords),
      ...(isEnough ? once('others', othersWords(facts, counts)) : []),
      ...(isEnough ? once('keyless', keylessWords(facts, counts)) : []),
      ...(isEnough ? once('lost', lostWords(facts, counts)) : []),
      ...once('refused', refusedWords(facts, counts)),
    ]
  }
}

function neverAsked({ clientUrl }: RemarkFacts, quiet: number): string | null {
  if (quiet < quietMs) return null
  return `nobody has asked anything for ${span(quiet)}: clients reach the router where their base URL is ${clientUrl}`
}

function notAskedNow(quiet: number): string | null {
  return quiet < quietLaterMs ? null : `nobody has asked anything for ${span(quiet)}`
}

function othersWords({ about, file }: RemarkFacts, { requests, notOfIt, others }: TrafficCounts): string | null {
  if (notOfIt < requests) return null
  return `none of ${counted(requests, 'request')} is of the rollout, which is about ${about}: all went to production. Seen: ${listed(others)}. See canary.model and targets.production.api in ${file}`
}

function keylessWords({ keySources, file }: RemarkFacts, counts: TrafficCounts): string | null {
  const { withoutKey, ofUsers, keysInstead } = counts
  const users = Object.values(ofUsers).reduce((sum, each) => sum + each, 0)
  if (withoutKey === 0 || users > 0) return null
  const instead =
    Object.keys(keysInstead).length === 0 ? 'They have nothing that looks like one' : `They have ${listed(keysInstead)}`
  return `none of ${counted(withoutKey, 'request')} says whose it is (looked for: ${keySources.join(', ')}): each is dealt by itself, so a user meets both arms, and no verdict comes of it. ${instead}. canary.key in ${file} says where to look`
}

function lostWords({ clientUrl }: RemarkFacts, { answers, others }: TrafficCounts): string | null {
  const { '404': lost = 0, ...rest } = answers.production
  if (lost === 0 || Object.keys(rest).length > 0) return null
  const seen = Object.keys(others).length === 0 ? '' : ` Seen: ${listed(others)}.`
  return `production answered 404 to all ${counted(lost, 'request')}: the path is wrong.${seen} Clients' base URL is ${clientUrl}`
}

function refusedWords({ candidateKey }: RemarkFacts, { answers }: TrafficCounts): string | null {
  const refused = (answers.candidate['401'] ?? 0) + (answers.candidate['403'] ?? 0)
  if (refused === 0) return null
  const key =
    candidateKey === null
      ? "the client's own key; targets.candidate.keyFrom gives it one of its own"
      : `the key in ${candidateKey}`
  return `the candidate refuses ${key} (HTTP ${answers.candidate['401'] === undefined ? 403 : 401}): production answers in its place`
}

const mostListed = 5

/** `gpt-4 at /v1/chat/completions (12)`, most frequent first. */
function listed(names: Readonly<Record<string, number>>): string {
  const all = Object.entries(names).toSorted(([, a], [, b]) => b - a)
  const left = all.length - mostListed
  const shown = all.slice(0, mostListed).map(([name, number]) => `${name} (${count(number)})`)
  return `${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}
