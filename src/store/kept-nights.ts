// Every judged run as it is kept for ever, in a few queries, however many and however large their verdicts are.

import type { Decision, Scale, Segment, Unit } from '../core/judgement.ts'
import type { CallSum, KeptEffect, KeptFinding, KeptNight } from '../core/kept-night.ts'
import type { Arm } from '../core/types.ts'
import type { Database, Row } from './database.ts'
import { fromJson } from './json.ts'
import { keepMissing } from './keep-night.ts'

export interface KeptAsked {
  /** The newest so many; all where it is not there. */
  readonly most?: number
  /** Findings of which segment: null for those of all records, `any` for these and those of every segment. */
  readonly segment: Segment | null | 'any'
}

/** In the order in which they began. */
export async function keptNights(db: Database, { most, segment }: KeptAsked): Promise<KeptNight[]> {
  await keepMissing(db)
  const rows = await db.all(
    `SELECT n.*, epoch_ms(run.started_at) AS started_ms, epoch_ms(v.decided_at) AS decided_ms, v.decision,
       run.manifest->>'$.targets' AS targets
     FROM kept_night n JOIN run ON run.id = n.run_id JOIN (SELECT run_id, decided_at, decision FROM verdict) v ON v.run_id = n.run_id
     ORDER BY run.started_at DESC, run.id DESC ${most === undefined ? '' : `LIMIT ${Math.floor(most)}`}`,
  )
  const findings = await findingsOf(db, segment, new Set(rows.map((row) => String(row['run_id']))))
  const calls = Map.groupBy(await db.all('SELECT * FROM call_sum'), (row) => String(row['run_id']))
  return rows.toReversed().map((row) => {
    const runId = String(row['run_id'])
    return nightOf(row, findings.get(runId) ?? [], calls.get(runId) ?? [])
  })
}

export async function countJudged(db: Database): Promise<number> {
  const [row] = await db.all('SELECT count(*) AS n FROM verdict JOIN run ON run.id = verdict.run_id')
  return Number(row?.['n'])
}

async function findingsOf(
  db: Database,
  segment: KeptAsked['segment'],
  runs: ReadonlySet<string>,
): Promise<Map<string, KeptFinding[]>> {
  const isOfOne = segment !== null && segment !== 'any'
  const wanted = isOfOne
    ? 'WHERE segment_key = $1 AND segment_value = $2'
    : segment === null
      ? 'WHERE segment_key IS NULL'
      : ''
  const found = new Map<string, KeptFinding[]>()
  const rows = db.stream(
    `SELECT * FROM kept_finding ${wanted} ORDER BY run_id, place`,
    isOfOne ? [segment.key, segment.value] : [],
  )
  for await (const chunk of rows) {
    for (const row of chunk) {
      const runId = String(row['run_id'])
      if (!runs.has(runId)) continue
      const own = found.get(runId)
      if (own === undefined) found.set(runId, [findingOf(row)])
      else own.push(findingOf(row))
    }
  }
  return found
}

function findingOf(row: Row): KeptFinding {
  const key = row['segment_key'] ?? null
  const better = row['rule_better'] ?? null
  return {
    rule: {
      metric: String(row['metric']),
      segment: key === null ? null : { key: String(key), value: String(row['segment_value']) },
      margin: Number(row['margin']),
      severity: row['severity'] as KeptFinding['rule']['severity'],
      mode: row['mode'] as KeptFinding['rule']['mode'],
      stage: row['stage'] as KeptFinding['rule']['stage'],
      ...(better !== null && { better: better as KeptEffect['better'] }),
    },
    outcome: row['outcome'] as KeptFinding['outcome'],
    ...(row['is_moot'] === true && { isMoot: true as const }),
    effect: effectOf(row),
  }
}

function effectOf(row: Row): KeptEffect | null {
  const number = (column: string) => Number(row[column])
  if ((row['estimate'] ?? null) === null) return null
  return {
    better: row['better'] as KeptEffect['better'],
    unit: row['unit'] as Unit,
    scale: row['scale'] as Scale,
    pairs: number('pairs'),
    clusters: number('clusters'),
    production: number('production'),
    candidate: number('candidate'),
    estimate: number('estimate'),
    interval: { low: number('low'), high: number('high'), level: number('level') },
    noise:
      (row['noise_estimate'] ?? null) === null
        ? null
        : {
            estimate: number('noise_estimate'),
            interval: { low: number('noise_low'), high: number('noise_high'), level: number('noise_level') },
            pairs: number('noise_pairs'),
          },
  }
}

function nightOf(row: Row, findings: readonly KeptFinding[], calls: readonly Row[]): KeptNight {
  const instant = (column: string) => new Date(Number(row[column])).toISOString()
  const drift = row['drift'] ?? null
  const callsOf = (arm: Arm) => calls.find((each) => each['arm'] === arm)
  const [production, candidate] = [callsOf('production'), callsOf('candidate')]
  return {
    run: {
      id: String(row['run_id']),
      startedAt: instant('started_ms'),
      targets: fromJson(String(row['targets'])) as KeptNight['run']['targets'],
    },
    decidedAt: instant('decided_ms'),
    policy: fromJson(String(row['policy'])) as KeptNight['policy'],
    verdict: {
      decision: row['decision'] as Decision,
      held: row['held'] === true,
      because: String(row['because']),
      ...(drift !== null && { drift: fromJson(String(drift)) as NonNullable<KeptNight['verdict']['drift']> }),
      findings,
    },
    records: Number(row['records']),
    repeated: Number(row['repeated']),
    calls: { ...(production && { production: sumOf(production) }), ...(candidate && { candidate: sumOf(candidate) }) },
    servedModels: { production: namesIn(production), candidate: namesIn(candidate) },
  }
}

function sumOf(row: Row): CallSum {
  const number = (column: string) => Number(row[column])
  return {
    calls: number('calls'),
    usage: {
      input: number('input_tokens'),
      output: number('output_tokens'),
      cachedInput: number('cached_input_tokens'),
      cacheWrite: number('cache_write_tokens'),
    },
  }
}

function namesIn(row: Row | undefined): readonly string[] {
  return row === undefined ? [] : JSON.parse(String(row['served_models']))
}
