// `shadowgate ingest`: production logs → records in the store.

import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { Fault } from '../core/fault.ts'
import type { RejectedLine } from '../core/types.ts'
import { findAllLogs, type LogFile } from '../ingest/find.ts'
import { ingest as readLogs } from '../ingest/ingest.ts'
import type { FileSummary } from '../ingest/tally.ts'
import type { OpinionCounts } from '../store/opinions.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import {
  addedWords,
  counted,
  feedbackWords,
  formatWords,
  intakeWords,
  type Traffic,
  trafficOf,
  trafficWords,
} from './ingest/ingest-words.ts'
import { formatOf } from './ingest/log-formats.ts'
import { type MappingReport, mappingsOf, mappingWordsOf } from './ingest/mapping-report.ts'
import {
  type PrivacySummary,
  personalDataOf,
  privacyOffWords,
  privacySummaryOf,
  privacyWords,
} from './ingest/privacy-words.ts'
import { openSession, requireWritable, type Session, stopIfAsked, withStore } from './session/session.ts'

export const ingest = {
  examples: ['shadowgate ingest', 'zcat old.jsonl.gz | shadowgate ingest --logs -'],
  settings: ['store', 'logs', 'privacy'],
  flags: [],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireWritable(session)
    const files = await requireLogs(session)
    const summary = await withStore(session, (store) => ingestLogs(session, store, files))
    world.stdout(invocation.isJson ? JSON.stringify(summary) : addedWords(summary))
    return 0
  },
} satisfies Command

export interface IngestSummary {
  readonly files: readonly FileSummary[]
  readonly records: number
  /** Records that the store did not have yet. */
  readonly added: number
  readonly rejected: number
  readonly traffic: Traffic
  /** Opinions of the store that stand apart from their calls. */
  readonly feedback: OpinionCounts
  readonly privacy: PrivacySummary
  /** For each map of the config: what stayed unread. */
  readonly mappings: readonly MappingReport[]
}

/** The files that the config's `logs` mean. Faults: BAD_CONFIG where it names none, LOG_MISSING, LOG_UNREADABLE. */
export async function requireLogs(session: Session): Promise<readonly LogFile[]> {
  const { logs } = session.config
  if (logs.length === 0) {
    throw new Fault('BAD_CONFIG', 'the config names no logs', {
      place: `${session.file} logs`,
      hint: 'logs: [{ path: "logs/*.jsonl.gz" }]',
    })
  }
  const patterns = logs.map((entry, index) => ({ path: entry.path, format: formatOf(entry, session, index) }))
  return findAllLogs(patterns, session.folder)
}

/** What an ingest came to so far. */
interface Intake {
  records: number
  added: number
  rejected: number
  firstRejected: RejectedLine | null
  files: readonly FileSummary[]
}

/** Reads the files and adds what is new. Fault: LOG_UNKNOWN where no format recognises any of them. */
export async function ingestLogs(session: Session, store: Store, files: readonly LogFile[]): Promise<IngestSummary> {
  const intake: Intake = { records: 0, added: 0, rejected: 0, firstRejected: null, files: [] }
  // Also with --quiet: nobody should learn of it from the store.
  if (personalDataOf(session.config) === null) session.world.log(privacyOffWords)
  await withSmallNursery(() =>
    session.progress.during(
      () => `ingest   ${intakeWords(intake)}`,
      () => store.whileAdding(() => addAll(session, store, files, intake)),
    ),
  )
  // Afterwards: it takes more memory than adding does.
  await store.joinOpinions()
  const { records, added, rejected, firstRejected, files: summaries } = intake
  if (firstRejected) session.say(rejectionWords(rejected, firstRejected))
  session.say(`ingest   ${formatWords(summaries)}`)
  const traffic = trafficOf(summaries)
  for (const line of trafficWords(traffic)) session.say(`ingest   ${line}`)
  const feedback = await store.countOpinions()
  for (const line of feedbackWords(feedback)) session.say(`ingest   ${line}`)
  const privacy = privacySummaryOf(session.config, summaries)
  await store.addPrivacy(privacy)
  if (privacy.isOn) session.say(privacyWords(privacy))
  const mappings = mappingsOf(files)
  for (const each of mappings) mappingWordsOf(each).forEach(session.say)
  return { files: summaries, records, added, rejected, traffic, feedback, privacy, mappings }
}

/** Records added at once. More are a little faster, each commit waits for the disk, and hold more memory. */
const batchSize = 500

async function addAll(session: Session, store: Store, files: readonly LogFile[], intake: Intake): Promise<void> {
  const personalData = personalDataOf(session.config)
  // One core is this thread's, one the store's, which takes longer than one thread's reading.
  const threads = availableParallelism() > 2 ? 1 : 0
  // Chunks may bring no event for long, as spans do.
  const onChunk = () => stopIfAsked(session)
  for await (const event of readLogs({ files, salt: store.salt, personalData, threads, batchSize, onChunk })) {
    if (event.kind === 'summary') {
      intake.files = event.files
      continue
    }
    intake.records += event.records.length
    intake.rejected += event.rejected.length
    intake.firstRejected ??= event.rejected[0] ?? null
    stopIfAsked(session)
    if (event.records.length > 0) intake.added += await store.addRecords(event.records)
    await store.addOpinions(event.opinions)
    // A log that nothing recognises must leave the store as it was.
    await store.holdRejectedLines(event.rejected)
  }
  // Standard input is another one each time.
  await store.keepRejectedLines(files.filter(({ path }) => path !== '-').map(({ name }) => name))
}

/** What is read lives for a moment: a nursery that grows holds 100 MB of it, and is no faster. */
async function withSmallNursery<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString('--semi-space-growth-factor=1')
  try {
    return await work()
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2')
  }
}

function rejectionWords(count: number, first: RejectedLine): string {
  const where = `${first.file}:${first.line}`
  return `ingest   ${counted(count, 'line')} ${count === 1 ? 'was' : 'were'} rejected, the first at ${where}: ${first.reason} (table rejected_line has all)`
}
