// The nightly job of this project, for schedulers: its paths, the variables that its config names, and when.

import { existsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { arms, type Json } from '../../core/types.ts'
import { type Job, keysFile } from '../../schedule/job.ts'
import type { RouterJob } from '../../schedule/router-job.ts'
import { calendarOf } from '../nightly/calendar.ts'
import type { Session } from '../session/session.ts'

/** Beside the store: its copy while retention writes it anew, and the reports. */
const volumesOfStore = 3
const defaultStoreGb = 20

/** Fault: BAD_CONFIG for a time zone that is none. */
export function jobOf(session: Session): Job {
  const { folder, world, config, file } = session
  const writes = outermost([
    session.reportDir,
    dirname(session.storePath),
    ...(config.notify.textfile === undefined ? [] : [dirname(resolve(folder, config.notify.textfile))]),
  ])
  const logs = outermost(config.logs.filter(({ path }) => path !== '-').map(({ path }) => logFolder(path, folder)))
  const maxMb = config.retention.maxStoreMb
  return {
    ...whenOf(session),
    name: nameOf(folder),
    folder,
    config: relative(folder, resolve(world.cwd, file)),
    repository: repositoryOf(folder),
    program: [process.execPath, fileURLToPath(new URL('../../cli.js', import.meta.url))],
    version: world.versions.shadowgate,
    user: userOf(),
    variables: variablesOf(session.written),
    hasKeys: existsSync(join(folder, keysFile)),
    writes,
    logs: logs.filter((each) => !writes.some((written) => isWithin(each, written) && written !== folder)),
    files: filesOf(session),
    storeGb: maxMb === undefined ? defaultStoreGb : Math.max(1, Math.ceil((volumesOfStore * maxMb) / 1024)),
  }
}

/** Beyond the longest answer: what is read and logged of it. */
const drainMarginSeconds = 15

/** The same project's router. Its files lie where nothing else is written. */
export function routerJobOf(session: Session): RouterJob {
  const { folder, config, targets } = session
  const { host, port, admin, journal, log } = config.canary
  const longestMs = Math.max(...arms.map((arm) => targets[arm].timeouts.totalMs))
  return {
    ...jobOf(session),
    writes: outermost([session.reportDir, ...[journal, log].map((path) => dirname(resolve(folder, path)))]),
    host,
    port,
    adminPort: admin.port,
    drainSeconds: Math.ceil(longestMs / 1000) + drainMarginSeconds,
  }
}

/** As `shadowgate nightly` reads it; the scheduler's own zone is null. Fault: BAD_CONFIG for a time zone that is none. */
function whenOf({ config, file }: Session): Pick<Job, 'at' | 'timeZone'> {
  const { at, tz = null } = config.night
  if (tz !== null) calendarOf(at, tz, `${file} night.tz`)
  const [hour = 0, minute = 0] = at.split(':').map(Number)
  return { at: { hour, minute }, timeZone: tz }
}

/** A container's user may have no name; a number is one to systemd. */
function userOf(): string {
  try {
    return userInfo().username
  } catch {
    return `${process.getuid?.() ?? ''}`
  }
}

/** What `keyFrom`, `urlFrom` and the like name, and each `${VAR}`. */
export function variablesOf(value: Json): readonly string[] {
  const found = new Set<string>()
  const look = (each: Json, key: string | null): void => {
    if (typeof each === 'string') {
      if (key === 'env') found.add(each)
      for (const [, name = ''] of each.matchAll(/\$\{([A-Za-z_]\w*)/g)) found.add(name)
    } else if (Array.isArray(each)) for (const item of each) look(item, null)
    else if (typeof each === 'object' && each !== null) {
      for (const [name, inner] of Object.entries(each)) look(inner, name)
    }
  }
  look(value, null)
  return [...found]
}

function repositoryOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (at === dirname(at)) return folder
  }
}

/** `shadowgate-` and the folder's name. */
function nameOf(folder: string): string {
  const own = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  // A CronJob's name has room for 52.
  return own === '' || own === 'shadowgate'
    ? 'shadowgate'
    : `shadowgate-${own.replace(/^shadowgate-/, '')}`.slice(0, 40).replace(/-+$/, '')
}

/** Folders of which none is inside another. */
function outermost(folders: readonly string[]): readonly string[] {
  const all = [...new Set(folders)]
  return all.filter((each) => !all.some((other) => other !== each && isWithin(each, other)))
}

export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/** The part of a pattern before its first `*`. */
function logFolder(pattern: string, folder: string): string {
  const whole = resolve(folder, pattern)
  if (existsSync(whole)) return statSync(whole).isDirectory() ? whole : dirname(whole)
  const steps = whole.split(sep)
  const dynamic = steps.findIndex((step) => /[*?[\]{}()!]/.test(step))
  return dynamic < 0 ? dirname(whole) : steps.slice(0, dynamic).join(sep) || sep
}

/** The config, the reviews, and modules of assertions. */
function filesOf({ world, file, folder, reviewsPath, config }: Session): readonly string[] {
  const modules = config.assertions.flatMap(({ module }) => (module === undefined ? [] : [resolve(folder, module)]))
  return [resolve(world.cwd, file), ...(existsSync(reviewsPath) ? [reviewsPath] : []), ...modules]
    .filter((path) => isWithin(path, folder))
    .map((path) => relative(folder, path))
}
