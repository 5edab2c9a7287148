// `shadowgate migrate`: the dry run of a migration: what the candidate would refuse of the recorded requests, and what mends it.

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import writeFileAtomic from 'write-file-atomic'
import { exitStatus, Fault } from '../core/fault.ts'
import { isEmptyPatch, type Patch, patchOf } from '../migrate/patch.ts'
import { type Asking, createSurvey, isAccepted, type Surveyed, surveyedJson } from '../migrate/survey.ts'
import { providerServedBy } from '../providers/index.ts'
import type { Store } from '../store/store.ts'
import type { Command, Invocation } from './command.ts'
import { settingsOf } from './config/settings.ts'
import { type Migration, migrationText } from './migrate/migrate-text.ts'
import { patchedText, snippetOf } from './migrate/patched-config.ts'
import { tryShapes } from './migrate/trial.ts'
import { yesFlag } from './run/stored-run.ts'
import { openSession, type Session, stopIfAsked, withStore } from './session/session.ts'
import type { World } from './world.ts'

const mostTried = 20

export const migrate = {
  statuses: '0 nothing is known to be refused   1 something is',
  examples: ['shadowgate migrate', 'shadowgate migrate --write', 'shadowgate migrate --try --shapes 5'],
  settings: ['store', 'targets.candidate', 'replay.stream', 'replay.lane', 'replay.confirmAbove'],
  flags: [
    { flag: '--write', description: 'Put what mends it into the config, with its comments kept' },
    { flag: '--try', description: 'Send one request of each shape to the candidate, patched; nothing is stored' },
    { flag: '--shapes <n>', description: `With --try: so many shapes at most, the most frequent first (${mostTried})` },
    yesFlag,
  ],
  run: async (world, invocation) => {
    const most = shapesIn(invocation)
    if (invocation.own['write']) requireOwnCandidate(world, invocation)
    const session = openSession(world, invocation, { sends: invocation.own['try'] === true })
    requireRecords(session)
    const migration = await withStore(session, (store) => migrationOf(session, store, most))
    world.stdout(invocation.isJson ? JSON.stringify(toJson(migration)) : migrationText(migration))
    return isTaken(migration) ? exitStatus.GO : exitStatus['NO-GO']
  },
} satisfies Command

/** Fault: USAGE. */
function shapesIn({ own }: Invocation): number {
  const given = own['shapes'] ?? String(mostTried)
  if (/^[1-9]\d{0,5}$/.test(String(given))) return Number(given)
  throw new Fault('USAGE', `--shapes wants a number from 1 on, not ${given}`, { place: '--shapes' })
}

/** What is written must fit what stands there: a model that a flag names is not in the file. Fault: USAGE. */
function requireOwnCandidate({ env }: World, invocation: Invocation): void {
  const deciding = settingsOf(['targets.candidate.model', 'targets.candidate.vendor'])
  const outside = deciding.find(({ path, env: name }) => invocation.settings[path.join('.')] !== undefined || env[name])
  if (outside === undefined) return
  throw new Fault(
    'USAGE',
    `--write would put what another candidate needs into the config: ${outside.flag} is not of the file`,
    {
      place: '--write',
      hint: `name it in the config, and leave out ${outside.flag} and ${outside.env}`,
    },
  )
}

/** Fault: NO_RECORDS, before an empty store is made. */
function requireRecords(session: Session): void {
  if (!existsSync(session.storePath)) throw noRecords(session, 'there is no store yet')
}

function noRecords({ storePath }: Session, message: string): Fault {
  const hint = 'shadowgate ingest reads the logs into it, and says why a line was left out'
  return new Fault('NO_RECORDS', message, { place: storePath, hint })
}

async function migrationOf(session: Session, store: Store, most: number): Promise<Migration> {
  const { invocation, targets } = session
  const asking = askingOf(session)
  const leftOut = await store.countBroken()
  const before = await surveyed(session, store, asking)
  if (before.length === 0) {
    throw noRecords(session, `the store holds no record that can be replayed (${leftOut} are incomplete)`)
  }
  const patch = patchOf(before, asking)
  const patched = withPatch(asking, patch)
  const after = isEmptyPatch(patch) ? before : await surveyed(session, store, patched)
  const snippet = isEmptyPatch(patch) ? '' : snippetOf(patch)
  const shapes = after.filter(({ isReplayable }) => isReplayable).slice(0, most)
  const tried = invocation.own['try'] ? await tryShapes(session, store, { asking: patched, shapes }) : null
  const written = invocation.own['write'] && !isEmptyPatch(patch) ? writePatch(session, patch) : null
  const { api, vendor, model } = targets.candidate
  return { candidate: { api, vendor, model }, before, patch, after, snippet, written, tried, leftOut }
}

function askingOf({ config, targets }: Session): Asking {
  const { api, vendor, model, rename = {}, overrides } = targets.candidate
  const provider = providerServedBy(api, vendor)
  const { stream, lane } = config.replay
  return {
    api,
    vendor,
    provider,
    model,
    rename,
    overrides,
    // A batch has no streams.
    isStreamed: (body) =>
      lane !== 'batch' && (stream === 'asCaptured' ? provider.isStreaming(body) : stream === 'always'),
  }
}

function withPatch(asking: Asking, { rename, overrides }: Patch): Asking {
  const renamed = Object.fromEntries(rename.map(({ field, to }) => [field, to]))
  const set = Object.fromEntries(overrides.map(({ field, value }) => [field, value]))
  return { ...asking, rename: { ...asking.rename, ...renamed }, overrides: { ...asking.overrides, ...set } }
}

async function surveyed(session: Session, store: Store, asking: Asking): Promise<readonly Surveyed[]> {
  const survey = createSurvey(asking)
  for await (const record of store.wholeBodies()) {
    stopIfAsked(session)
    survey.add(record)
  }
  return survey.shapes()
}

/** Writes the config and gives the change. Faults: BAD_CONFIG, CONFIG_UNWRITABLE. */
function writePatch({ file, world }: Session, patch: Patch): string {
  const path = resolve(world.cwd, file)
  const before = readFileSync(path, 'utf8')
  const after = patchedText(before, patch, file)
  try {
    writeFileAtomic.sync(path, after)
  } catch (cause) {
    throw new Fault('CONFIG_UNWRITABLE', `the config can't be written: ${String(cause)}`, { place: file, cause })
  }
  const [, ...change] = createTwoFilesPatch(file, file, before, after, undefined, undefined, { context: 2 }).split(
    /^(?=--- )/m,
  )
  return change.join('')
}

/** What was tried is known; of the rest, what the rules say of the settings that stand in the config when this ends. */
function isTaken({ before, after, written, tried }: Migration): boolean {
  if (tried === null) return (written === null ? before : after).every(isAccepted)
  const asked = new Set(tried.map(({ example }) => example))
  return tried.every((each) => each.isAccepted) && after.every((each) => asked.has(each.example) || isAccepted(each))
}

function toJson({ before, after, ...rest }: Migration): object {
  return { ...rest, shapes: before.map(surveyedJson), patched: after.map(surveyedJson) }
}
