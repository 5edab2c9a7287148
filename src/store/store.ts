// The store as the house sees it: one object over one DuckDB file.

import { randomBytes } from 'node:crypto'
import * as attempts from './attempts.ts'
import * as batches from './batches.ts'
import * as bodies from './bodies.ts'
import { type Database, openDatabase } from './database.ts'
import * as judged from './judged.ts'
import * as keptNights from './kept-nights.ts'
import * as measures from './measures.ts'
import * as opinions from './opinions.ts'
import * as outlines from './outlines.ts'
import * as pairColumns from './pair-columns.ts'
import * as pairMeasures from './pair-measures.ts'
import * as pairRows from './pair-rows.ts'
import * as privacy from './privacy.ts'
import * as provenance from './provenance.ts'
import { readSnapshot } from './read-snapshot.ts'
import * as recorded from './recorded.ts'
import * as records from './records.ts'
import * as removal from './removal.ts'
import * as facts from './request-facts.ts'
import { rewriteStore } from './rewrite.ts'
import * as runs from './runs.ts'
import * as verdicts from './verdicts.ts'
import { writeSnapshot } from './write-snapshot.ts'

/** One DuckDB file, open for this process alone. Queries and writers by name; `close` it at the end. */
export type Store = Awaited<ReturnType<typeof openStore>>

/** Opens or creates the store. Faults: STORE_LOCKED where another process holds it, STORE_UNUSABLE. */
export async function openStore(path: string) {
  const db = await openDatabase(path)
  await records.useRoom(db)
  return {
    path,
    /** Salts the hashes of users: of this store alone, so that they mean nothing elsewhere. */
    salt: await saltOf(db),
    addRecords: bind(db, records.addRecords),
    whileAdding: <T>(work: () => Promise<T>) => records.whileAdding(db, work),
    whileBrowsing: <T>(work: () => Promise<T>) => records.whileBrowsing(db, work),
    whileScanning: <T>(work: () => Promise<T>) => records.whileScanning(db, work),
    holdRejectedLines: bind(db, records.holdRejectedLines),
    keepRejectedLines: bind(db, records.keepRejectedLines),
    addOpinions: bind(db, opinions.addOpinions),
    joinOpinions: bind(db, opinions.joinOpinions),
    countOpinions: bind(db, opinions.countOpinions),
    addPrivacy: bind(db, privacy.addPrivacy),
    privacyOf: bind(db, privacy.privacyOf),
    wholeness: bind(db, provenance.wholeness),
    recordOutlines: bind(db, records.recordOutlines),
    wholeBodies: bind(db, bodies.wholeBodies),
    bodyOf: bind(db, bodies.bodyOf),
    countBroken: bind(db, bodies.countBroken),
    rejectedLines: bind(db, records.rejectedLines),
    createRun: bind(db, runs.createRun),
    judgedDraws: bind(db, runs.judgedDraws),
    setRunStatus: bind(db, runs.setRunStatus),
    findRun: bind(db, runs.findRun),
    judgedRuns: bind(db, runs.judgedRuns),
    sharedRecords: bind(db, runs.sharedRecords),
    findMeasuredRun: bind(db, runs.findMeasuredRun),
    recordedNumbers: bind(db, facts.recordedNumbers),
    findUnfinishedRun: bind(db, runs.findUnfinishedRun),
    closeOutdatedRuns: bind(db, runs.closeOutdatedRuns),
    closeSupersededRuns: bind(db, runs.closeSupersededRuns),
    stopRun: bind(db, runs.stopRun),
    plannedRequests: bind(db, runs.plannedRequests),
    planOf: bind(db, runs.planOf),
    factsOfRequests: bind(db, facts.factsOfRequests),
    runIds: bind(db, runs.runIds),
    runOutlines: bind(db, outlines.runOutlines),
    recordIdsOf: bind(db, outlines.recordIdsOf),
    capturedTimesOf: bind(db, outlines.capturedTimesOf),
    opinionsOf: bind(db, outlines.opinionsOf),
    saveJudgeAnswer: bind(db, judged.saveJudgeAnswer),
    judgedPairs: bind(db, judged.judgedPairs),
    recordsOf: bind(db, runs.recordsOf),
    createAttemptWriter: bind(db, attempts.createAttemptWriter),
    progressOf: bind(db, attempts.progressOf),
    attemptsOf: bind(db, attempts.attemptsOf),
    lastHeardAt: bind(db, runs.lastHeardAt),
    sentTimesOf: bind(db, attempts.sentTimesOf),
    callCounts: bind(db, attempts.callCounts),
    batchesOf: bind(db, batches.batchesOf),
    callsOfBatch: bind(db, batches.callsOfBatch),
    addBatch: bind(db, batches.addBatch),
    updateBatch: bind(db, batches.updateBatch),
    createMeasureWriter: bind(db, measures.createMeasureWriter),
    forgetMeasures: bind(db, measures.forgetMeasures),
    replaceMeasures: bind(db, measures.replaceMeasures),
    addMeasures: bind(db, recorded.addMeasures),
    isRecordedMeasured: bind(db, recorded.isRecordedMeasured),
    recordedModels: bind(db, recorded.recordedModels),
    countRecorded: bind(db, recorded.countRecorded),
    recordedUsage: bind(db, recorded.recordedUsage),
    isMeasured: bind(db, measures.isMeasured),
    measuresOf: bind(db, measures.measuresOf),
    pairColumnsOf: bind(db, pairColumns.pairColumnsOf),
    pairMeasuresOf: bind(db, pairMeasures.pairMeasuresOf),
    savePairRows: bind(db, pairRows.savePairRows),
    hasPairRows: bind(db, pairRows.hasPairRows),
    pairRowsOf: bind(db, pairRows.pairRowsOf),
    saveJudgement: bind(db, verdicts.saveJudgement),
    judgementOf: bind(db, verdicts.judgementOf),
    keptNights: bind(db, keptNights.keptNights),
    countJudged: bind(db, keptNights.countJudged),
    decisionBefore: bind(db, verdicts.decisionBefore),
    removedOf: bind(db, removal.removedOf),
    heldRuns: bind(db, removal.heldRuns),
    usedBytes: bind(db, removal.usedBytes),
    weights: bind(db, removal.weights),
    rewriteWithout: (what: removal.Removal, removedAt: string) => rewriteStore(db, path, { what, removedAt }),
    writeSnapshot: bind(db, writeSnapshot),
    readSnapshot: bind(db, readSnapshot),
    duckdbVersion: async () => String((await db.all('SELECT version() AS version'))[0]?.['version']),
    close: db.close,
  }
}

function bind<Arguments extends unknown[], Result>(db: Database, query: (db: Database, ...args: Arguments) => Result) {
  return (...args: Arguments): Result => query(db, ...args)
}

async function saltOf(db: Database): Promise<string> {
  await db.run("INSERT INTO meta VALUES ('salt', $1) ON CONFLICT DO NOTHING", [randomBytes(16).toString('hex')])
  const [row] = await db.all("SELECT value FROM meta WHERE key = 'salt'")
  return String(row?.['value'])
}
