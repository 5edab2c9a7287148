// verdict.json: the verdict for programs, valid against its published schema before anyone reads it.

import type { ChangeCluster, Changes } from '../core/changes.ts'
import { headerMarks } from '../core/header-marks.ts'
import type { Finding } from '../core/judgement.ts'
import type { Arm, JsonObject } from '../core/types.ts'
import type { ReportInput } from './input.ts'
import { againstPart } from './json/against.ts'
import { intervalPart, jsonNumber } from './json/number.ts'
import { alarmsOf } from './model/nights.ts'
import type { ReportFormat } from './report-format.ts'
import { reviewedPart } from './review-schema.ts'
import { hidden } from './text.ts'
import { type VerdictFile, verdictSchema, verdictSchemaId } from './verdict-schema.ts'

/** The verdict as JSON text. Throws a plain Error where the input has a number that the contract forbids (NaN). */
export function toVerdictJson(input: ReportInput): string {
  const { verdict } = input
  const file: VerdictFile = {
    schema: verdictSchemaId,
    decision: verdict.decision,
    held: verdict.held,
    because: verdict.because,
    next: verdict.next,
    flags: [...verdict.flags],
    invalid: [...verdict.invalid],
    run: runPart(input),
    counts: countsPart(input),
    findings: verdict.findings.map(findingPart),
    ...changesPart(input.changes),
    reviews: (verdict.reviews ?? []).map(reviewedPart),
    looks: verdict.looks.map((look) => ({ ...look, decided: { ...look.decided } })),
    against: againstPart(input),
    ...driftPart(input),
    ...nightsPart(input),
    blind: verdict.blind.map((each) => ({
      ...each,
      segment: { ...each.segment },
      smallest: jsonNumber(each.smallest),
    })),
  }
  const text = JSON.stringify(verdictSchema.parse(file), null, 2)
  // Legal in JSON, yet nothing that a terminal or an editor should get to see.
  return `${text.replace(hidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
}

function nightsPart({ run, across }: ReportInput): Pick<VerdictFile, 'nights'> {
  const repetition = across?.repetition ?? null
  if (across === undefined || repetition === null) return {}
  const { night, goes, falseGoAtMost } = repetition
  const alarms = alarmsOf(run, across).map(({ kind, because }) => ({ kind, because }))
  return { nights: { night, goes, falseGoAtMost, alarms } }
}

/** As the report shows it: the effects alone, each rounded nowhere. */
function driftPart({ verdict: { drift } }: ReportInput): Pick<VerdictFile, 'drift'> {
  if (drift === undefined) return {}
  const findings = drift.findings.map(({ effect, metric, margin, outcome, because }) => ({
    metric,
    margin,
    outcome,
    recorded: effect && jsonNumber(effect.production),
    now: effect && jsonNumber(effect.candidate),
    estimate: effect && jsonNumber(effect.estimate),
    scale: effect?.scale ?? null,
    interval: effect && intervalPart(effect.interval),
    pairs: effect?.pairs ?? null,
    because,
  }))
  const { outcome, because, records, leftOut } = drift
  return { drift: { outcome, because, records, leftOut: { ...leftOut }, findings } }
}

function runPart({ run, counts }: ReportInput): VerdictFile['run'] {
  const target = (arm: Arm) => {
    const { api, baseUrl, model, rename, overrides } = run.targets[arm]
    const servedModels = [...counts.servedModels[arm]]
    return {
      api,
      baseUrl,
      model,
      servedModels,
      ...(rename && { rename: { ...rename } }),
      overrides: jsonObject(overrides),
      ...(run.targets[arm].headerNames.length > 0 && { headers: headerMarks(run.targets[arm]) }),
    }
  }
  return {
    id: run.id,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    versions: { ...run.versions },
    seed: run.seed,
    dataset: { ...run.dataset },
    sample: { ...run.sample },
    targets: { production: target('production'), candidate: target('candidate') },
    replay: { ...run.replay },
    stopped: run.stopped && { ...run.stopped, records: run.stopped.records ?? null },
    notes: [...run.notes],
  }
}

/** A copy that the schema's mutable type accepts. */
function jsonObject(value: JsonObject): VerdictFile['run']['targets'][Arm]['overrides'] {
  return JSON.parse(JSON.stringify(value))
}

function countsPart({ counts }: ReportInput): VerdictFile['counts'] {
  const { servedModels: _models, recordedModels: _recorded, log: _log, ...rest } = counts
  return structuredClone(rest)
}

function changesPart(changes: Changes | null): Pick<VerdictFile, 'changes' | 'directions' | 'opinions' | 'judge'> {
  if (changes === null) return { changes: [], directions: [], opinions: null, judge: null }
  return {
    changes: changes.clusters.map(changePart),
    directions: changes.directions.map(({ kind, candidate, noise }) => ({
      kind,
      candidate: { ...candidate },
      noise: noise && { ...noise },
    })),
    opinions: structuredClone(changes.opinions),
    judge: structuredClone(changes.judge),
  }
}

function changePart(cluster: ChangeCluster): VerdictFile['changes'][number] {
  const { id, kind, segment, template, pairs, of, noise, mirror, isBeyondNoise, example, lengths, latencyRatio } =
    cluster
  return {
    id,
    kind,
    segment: segment && { ...segment },
    template,
    pairs,
    of,
    share: shareOf(pairs, of),
    noise: noise && { ...noise, share: shareOf(noise.pairs, noise.of) },
    mirror: mirror && mirror.pairs,
    isBeyondNoise,
    example: example.recordId,
    lengths: lengths && { ...lengths },
    latencyRatio,
  }
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

function findingPart({
  rule,
  effect,
  outcome,
  because,
  isMoot,
  look,
  morePairs,
}: Finding): VerdictFile['findings'][number] {
  const noise = effect?.noise ?? null
  return {
    metric: rule.metric,
    segment: rule.segment === null ? null : { ...rule.segment },
    severity: rule.severity,
    stage: rule.stage,
    mode: rule.mode,
    outcome,
    better: effect?.better ?? null,
    unit: effect?.unit ?? null,
    production: effect === null ? null : jsonNumber(effect.production),
    candidate: effect === null ? null : jsonNumber(effect.candidate),
    estimate: effect === null ? null : jsonNumber(effect.estimate),
    scale: effect?.scale ?? null,
    interval: effect === null ? null : intervalPart(effect.interval),
    margin: rule.margin,
    pairs: effect?.pairs ?? null,
    accepted: effect?.accepted ? { pairs: effect.accepted.pairs, by: [...effect.accepted.by] } : null,
    clusters: effect?.clusters ?? null,
    method: effect?.method ?? null,
    noise: noise && { ...noise, estimate: jsonNumber(noise.estimate), interval: intervalPart(noise.interval) },
    because,
    isMoot: isMoot === true,
    look,
    morePairs: morePairs && { ...morePairs },
    typical: effect?.typical == null ? null : jsonNumber(effect.typical),
    overTime: effect?.overTime ?? null,
  }
}

export const json = { name: 'json', file: 'verdict.json', render: toVerdictJson } as const satisfies ReportFormat
