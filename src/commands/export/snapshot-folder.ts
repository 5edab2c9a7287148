// A snapshot as a folder: its manifest, the hashes of its files, and writing it all or not at all.

import { createHash } from 'node:crypto'
import {
  createReadStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'

import { dirname, join } from 'node:path'
import { z } from 'zod'
import { Fault } from '../../core/fault.ts'
import type { Snapshot } from '../../store/read-snapshot.ts'
import { snapshotSchema } from '../../store/snapshot-tables.ts'
import { syncToDisk } from '../../store/sync-to-disk.ts'

const file = z.strictObject({
  // No path: nothing outside the folder is read.
  name: z.string().regex(/^[a-z_]+\.[a-z]+$/),
  /** null: no table, but the views over them. */
  table: z.string().nullable(),
  rows: z.int().min(0).nullable(),
  bytes: z.int().min(0),
  sha256: z.string().length(64),
})

const manifest = z.strictObject({
  schema: z.int().positive(),
  // A folder of reports gets this name.
  run: z.string().regex(/^\w[\w-]*$/),
  decision: z.string(),
  exportedAt: z.string(),
  /** Of what wrote it; the run names those that made it. */
  versions: z.record(z.string(), z.string()),
  files: z.array(file),
})

export type Manifest = z.infer<typeof manifest>

const manifestFile = 'manifest.json'
/** It names a dozen files. */
const mostManifestBytes = 1_000_000

/** What stands in a manifest beside its files. */
export type Heading = Omit<Manifest, 'files' | 'schema'>

/**
 * Makes the folder out of what `write` writes into one beside it, on disk before it has its name. Fault: SNAPSHOT_UNWRITABLE, also
 * where something is there already.
 */
export async function writeFolder(
  folder: string,
  heading: Heading,
  write: (folder: string) => Promise<readonly Pick<Manifest['files'][number], 'name' | 'table' | 'rows'>[]>,
): Promise<Manifest> {
  const partial = `${folder}.partial`
  try {
    requireNothing(folder)
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(partial, { recursive: true })
    const files: Manifest['files'] = []
    for (const each of await write(partial)) files.push({ ...each, ...(await fingerprintOf(join(partial, each.name))) })
    const written: Manifest = { schema: snapshotSchema, ...heading, files }
    writeFileSync(join(partial, manifestFile), `${JSON.stringify(written, null, 2)}\n`)
    for (const name of readdirSync(partial)) syncToDisk(join(partial, name))
    syncToDisk(partial)
    renameSync(partial, folder)
    syncToDisk(dirname(folder))
    return written
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    if (!isOfDisk(error)) throw error
    const message = error.message.split('\n')[0]
    throw new Fault('SNAPSHOT_UNWRITABLE', `the run can't be written there: ${message}`, {
      place: folder,
      cause: error,
    })
  }
}

function isOfDisk(error: unknown): error is Error {
  if (error instanceof Fault) return error.code === 'STORE_UNWRITABLE'
  return error instanceof Error && 'code' in error
}

function requireNothing(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (!found || (found.isDirectory() && readdirSync(folder).length === 0)) return
  throw new Fault('SNAPSHOT_UNWRITABLE', 'there is something of that name already', { place: folder })
}

async function fingerprintOf(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Reads the manifest and holds every file against it. Fault: SNAPSHOT_UNREADABLE, which names the file. */
export async function readFolder(folder: string): Promise<Manifest & Snapshot> {
  const read = manifestIn(folder)
  for (const { name, bytes, sha256 } of read.files) {
    const place = join(folder, name)
    const size = sizeOf(place, 'the file is missing')
    if (size !== bytes)
      throw new Fault('SNAPSHOT_UNREADABLE', `the file has ${size} bytes, and its manifest says ${bytes}`, { place })
    const found = await fingerprintOf(place)
    if (found.sha256 !== sha256)
      throw new Fault('SNAPSHOT_UNREADABLE', 'the file is not what was exported: its sha256 is another', { place })
  }
  const tables = read.files.flatMap(({ name, table, rows }) =>
    table === null ? [] : [[table, { path: join(folder, name), rows: rows ?? 0 }] as const],
  )
  return { ...read, runId: read.run, tables: new Map(tables) }
}

/** Of a file: a folder has none, a device no end, and whoever opens a pipe waits for somebody to write. Fault: SNAPSHOT_UNREADABLE. */
function sizeOf(place: string, missing: string, hint?: string): number {
  const found = statSync(place, { throwIfNoEntry: false })
  if (found?.isFile()) return found.size
  throw new Fault('SNAPSHOT_UNREADABLE', found ? 'it is no file' : missing, { place, ...(hint && { hint }) })
}

function manifestIn(folder: string): Manifest {
  const place = join(folder, manifestFile)
  const size = sizeOf(place, 'there is no such file', 'name a folder that shadowgate export wrote')
  if (size > mostManifestBytes)
    throw new Fault('SNAPSHOT_UNREADABLE', `the manifest has ${size} bytes, and none of ours is so large`, { place })
  const json = parsed(readFileSync(place, 'utf8'), place)
  requireSchema(json, place)
  const checked = manifest.safeParse(json)
  if (checked.success) return checked.data
  const { path = [], message = '' } = checked.error.issues[0] ?? {}
  throw new Fault('SNAPSHOT_UNREADABLE', `the manifest is not as it was written: ${path.join('.')}: ${message}`, {
    place,
  })
}

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Fault('SNAPSHOT_UNREADABLE', 'the manifest is no JSON', { place, cause: error })
  }
}

/** Looked at before all else: the manifest of another schema may have another shape. */
function requireSchema(json: unknown, place: string): void {
  const found = z.looseObject({ schema: z.int().positive(), versions: z.looseObject({ shadowgate: z.string() }) })
  const read = found.safeParse(json)
  if (!read.success || read.data.schema === snapshotSchema) return
  const { schema, versions } = read.data
  const by = `the run was exported by shadowgate ${versions.shadowgate} in schema ${schema}; this one reads ${snapshotSchema}`
  throw new Fault('SNAPSHOT_UNREADABLE', by, {
    place,
    hint:
      schema > snapshotSchema
        ? 'update shadowgate'
        : `export it anew with this version, which brings its store up to date; or import it with shadowgate ${versions.shadowgate} first, and then open that store with this one`,
  })
}
