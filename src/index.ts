// The library's door: the stages as functions, the rosters as values. What is not exported here may change at any time.

export { configJsonSchema } from './commands/config/schema.ts'
export { runCommandLine } from './commands/parse.ts'
export { realWorld, type World } from './commands/world.ts'
export type * from './core/changes.ts'
export { type Clock } from './core/clock.ts'
export { exitStatus, Fault, type FaultCode } from './core/fault.ts'
export type * from './core/judged.ts'
export type * from './core/judgement.ts'
export type * from './core/review.ts'
export type * from './core/types.ts'
export { decide, type Sequence } from './gate/decide.ts'
export { rolloutPolicy } from './gate/policy.ts'
export type { RunFacts } from './gate/validity.ts'
export type { LogFile } from './ingest/find.ts'
export { formats as logFormats } from './ingest/index.ts'
export { type FileSummary, type IngestEvent, type IngestOptions, ingest } from './ingest/ingest.ts'
export type { LogEntry, LogFormat } from './ingest/log-format.ts'
export type { Coverage } from './ingest/mapping/census.ts'
export type { LogMap } from './ingest/mapping/map.ts'
export { createMapping, type Mapping } from './ingest/mapping.ts'
export { providers } from './providers/index.ts'
export type { Provider } from './providers/provider.ts'
export { type DriveOptions, type DriveResult, drive } from './replay/drive.ts'
export { createLane, type Lane, type LaneOptions, type LaneState } from './replay/lane.ts'
export {
  type PlannedRecord,
  planRecords,
  remainingTrials,
  type Trial,
  type Unit,
  type WiredCall,
} from './replay/plan.ts'
export { createSender, type Sender, type SenderOptions } from './replay/send.ts'
export type { DrivenArm } from './replay/trial.ts'
export { type Wire, type WireOptions, wireOf } from './replay/wire.ts'
export { formats as reportFormats, type ReportFormat, type ReportInput, type VerdictFile } from './report/index.ts'
export { type Candidate, drawSample, type Sample, type SampleOptions } from './sample/sample.ts'
export type { CheckedRecord, UserCheck } from './score/assertions/check.ts'
export { buildScoreTable, type ScoredRecord, type ScoreTable } from './score/columns.ts'
export { type EvidenceOptions, evidenceOf } from './score/effects.ts'
export { measurePair } from './score/measure.ts'
export type { BothMetric, Metric, PairMetric, SideMetric, Summary } from './score/metric.ts'
export { metrics } from './score/metrics/index.ts'
export { pairsOf } from './score/pairs.ts'
export { openStore, type Store } from './store/store.ts'
