// Whether two runs asked the same: what is not like for like is said before anything is compared.

import type { Run } from '../../core/judgement.ts'
import { modelName } from '../../core/model-name.ts'
import type { Arm, Price, Target } from '../../core/types.ts'
import { count, counted, decimal, levelWords, percent } from '../format.ts'
import type { AgainstInput, ReportInput } from '../input.ts'
import { hostOf, overridesOf } from '../model/asked.ts'
import { oneLine } from '../text.ts'

type Asked = Pick<ReportInput, 'run' | 'policy' | 'verdict' | 'counts'>

export interface Likeness {
  /** One sentence for each thing that differs; empty where nothing does. */
  readonly unlike: readonly string[]
  /** For one line: that other requests were asked, as every night does, or that more than that differs; null where nothing does. */
  readonly inShort: 'other requests' | 'not like for like' | null
  /** One sentence on the requests of both, and what follows from it. */
  readonly requests: string
  /** `anyhow` where requests are shared and the swap is another: nothing is known of how the two go together then. */
  readonly dependence: 'apart' | 'anyhow'
}

export function likenessOf(now: Asked, earlier: AgainstInput): Likeness {
  const of = (facts: typeof swapFacts) =>
    (['production', 'candidate'] as const).flatMap((arm) => differences(facts(now, arm), facts(earlier, arm)))
  const swap = of(swapFacts)
  const dependence = earlier.shared > 0 && swap.length > 0 ? 'anyhow' : 'apart'
  const dataset = differences(datasetFacts(now), datasetFacts(earlier))
  const rest = [
    ...invalidWords(now, earlier),
    ...swap,
    ...of(termFacts),
    ...differences(arrangement(now), arrangement(earlier)),
    ...stoppedWords(now.run, 'This run'),
    ...stoppedWords(earlier.run, 'The run of then'),
  ]
  return {
    unlike: [...rest, ...dataset],
    inShort: rest.length > 0 ? 'not like for like' : dataset.length > 0 ? 'other requests' : null,
    requests: requestWords(now, earlier, dependence),
    dependence,
  }
}

type Facts = readonly (readonly [name: string, value: string])[]

/** "Candidate, model asked for: gpt-4 then, gpt-4-new now." */
function differences(now: Facts, earlier: Facts): readonly string[] {
  const before = new Map(earlier)
  return now.flatMap(([name, value]) => {
    const old = before.get(name)
    return old === undefined || old === value ? [] : [`${name}: ${old} then, ${value} now.`]
  })
}

/** What decides which model answers, and how. */
function swapFacts({ run, counts }: Asked, arm: Arm): Facts {
  const target = run.targets[arm]
  const served = counts.servedModels[arm].map(oneLine).toSorted().join(', ')
  return factsOf(arm, [
    ['model asked for', modelName(target)],
    // A server that does not say what it served says nothing of a difference either.
    ...(served === '' ? [] : ([['model served', served]] as const)),
    ['API', oneLine(target.api)],
    ['host', steadyHost(target)],
    ['overrides', overridesOf(target)],
  ])
}

/** On what terms it does. */
function termFacts({ run }: Asked, arm: Arm): Facts {
  const { concurrency, pricePerMillion } = run.targets[arm]
  return factsOf(arm, [
    ['concurrency, at most', count(concurrency)],
    ['price of a million tokens', priceWords(pricePerMillion)],
  ])
}

function factsOf(arm: Arm, facts: Facts): Facts {
  return facts.map(([fact, value]) => [`${arm === 'production' ? 'Production' : 'Candidate'}, ${fact}`, value])
}

/** A server on this machine may come back on another port. */
function steadyHost({ baseUrl }: Target): string {
  const host = hostOf(baseUrl)
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host) ? 'this machine' : host
}

function priceWords(price: Price | null): string {
  if (price === null) return 'none given'
  const { input, output, cachedInput, cacheWrite } = price
  const parts = Object.entries({ input, 'cached input': cachedInput, 'cache writes': cacheWrite, output })
  return parts
    .flatMap(([name, usd]) => (usd === undefined ? [] : [`$${Number(usd.toPrecision(6))} ${name}`]))
    .join(', ')
}

function datasetFacts({ run: { dataset } }: Asked): Facts {
  return [['Dataset', `${counted(dataset.records, 'record')} (sha256 ${oneLine(dataset.sha256).slice(0, 12)})`]]
}

function arrangement({ run, policy }: Asked): Facts {
  const { pace, lane, timeScale, salted } = run.replay
  return [
    [
      'Sent',
      lane === 'batch'
        ? 'through the batch API'
        : pace === 'open'
          ? `in open loop, time × ${timeScale}`
          : 'in closed loop',
    ],
    ['Prompt caches', salted ? 'one for each arm and trial' : 'shared'],
    ['Asked twice', percent(run.noise)],
    ['Confidence of each limit', levelWords(policy.level)],
    ['Segments', policy.segments.map(oneLine).join(', ') || 'none'],
    ['Excluded pairs, at most', percent(policy.maxExcluded)],
    ['Looks along the way', policy.looks === null ? 'none' : decimal(policy.looks.rates.length)],
    ['A rule to investigate that failed', policy.hold ? 'holds a GO' : 'does not hold a GO'],
    [
      'Judge',
      policy.judge === undefined
        ? 'none'
        : `${oneLine(policy.judge.model ?? 'its own')} (${oneLine(policy.judge.fingerprint)})`,
    ],
    ['shadowgate', oneLine(run.versions.shadowgate)],
  ]
}

function invalidWords(now: Asked, earlier: Asked): readonly string[] {
  const words = [
    ...(earlier.verdict.decision === 'INVALID' ? ['The run of then could not be judged'] : []),
    ...(now.verdict.decision === 'INVALID' ? ['This run can’t be judged'] : []),
  ]
  return words.map((each) => `${each}: what it shows is no ground to compare on.`)
}

function stoppedWords({ stopped }: Run, which: string): readonly string[] {
  if (stopped?.why !== 'decided') return []
  return [
    `${which} ended early, when it was decided: its estimates lie further from their margins than the truth does, on average.`,
  ]
}

function requestWords(now: Asked, earlier: AgainstInput, dependence: Likeness['dependence']): string {
  if (earlier.shared === 0) return 'No request is in both runs: they are independent samples.'
  const size = count(now.counts.planned)
  const both = `${count(earlier.shared)} of the ${size} requests of this run were in that one too`
  const why =
    dependence === 'apart'
      ? 'the runs are compared as if they were independent, which makes a difference harder to show, not easier.'
      : 'and another swap is asked about, so a difference has to be shown whatever that does to both.'
  return dependence === 'apart' ? `${both}: ${why}` : `${both}, ${why}`
}
