// Step of the action: runs shadowgate, has the reports written, and hands on how it ended. It never fails by itself.
// @ts-check

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { field, setting } from './api.mjs'
import { markerOf } from './body.mjs'
import { readVerdict } from './outcome.mjs'
import { words } from './words.mjs'
import { annotate, setOutputs, withoutCommands } from './workflow-commands.mjs'

const workspace = resolve(setting('GITHUB_WORKSPACE', '.'))
const cwd = resolve(workspace, setting('WORKING_DIRECTORY', '.'))
/** Of wrong usage, as in shadowgate: an input of this action is wrong, or there is no shadowgate to run. */
const usage = 64

/** @typedef {{ status: number, stdout: string }} Ended */

/** What runs before the arguments: the version's command by npx, or the one that the project installed. */
function command() {
  const version = setting('SHADOWGATE_VERSION', 'local')
  if (version !== 'local') {
    if (!/^[\w.+^~-]+$/.test(version)) throw new Error(`version: "${version}" is neither a version nor local`)
    return { file: 'npx', first: ['--yes', `shadowgate@${version}`] }
  }
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', '.bin', 'shadowgate')
    if (existsSync(file)) return { file, first: [] }
    if (folder === dirname(folder)) break
  }
  throw new Error(
    `version: local, but there is no node_modules/.bin/shadowgate in ${cwd} or above: run npm ci before this step`,
  )
}

/**
 * Both streams go to the log; what is wanted as data is kept instead.
 * @param {readonly string[]} args
 * @param {'shown' | 'kept'} output
 * @returns {Promise<Ended>}
 */
async function shadowgate(args, output) {
  const { file, first } = command()
  return new Promise((done, reject) => {
    const child = spawn(file, [...first, ...args], {
      cwd,
      stdio: ['ignore', output === 'kept' ? 'pipe' : 'inherit', 'inherit'],
    })
    // A cancelled job gets SIGINT, then SIGTERM: shadowgate lets running calls end, and the store is whole.
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal))
    let stdout = ''
    child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.on('error', reject)
    child.on('close', (status) => done({ status: status ?? 70, stdout }))
  })
}

/**
 * Flags that the report needs too, so that it reads the same store and run.
 * @param {readonly string[]} args
 */
function reportFlags(args) {
  return args.flatMap((arg, index) => {
    if (!/^--(?:run|store|report-dir)(?:=|$)/.test(arg)) return []
    return arg.includes('=') ? [arg] : [arg, args[index + 1] ?? '']
  })
}

/** @returns {Promise<{ status: number, folder: string }>} */
async function judged() {
  // A mistake in it must not show only after an hour of replay.
  markerOf(setting('STICKY_ID'))
  oneOf('fail-on', setting('FAIL_ON', 'not-go'), ['not-go', 'no-go', 'never'])
  const verb = oneOf('command', setting('COMMAND', 'run'), ['run', 'gate', 'publish'])
  if (verb === 'publish') {
    const folder = resolve(workspace, setting('REPORT_PATH', '.'))
    return { status: readVerdict(folder)?.status ?? 65, folder }
  }
  const args = words(setting('ARGS'))
  const config = ['--config', setting('CONFIG', 'shadowgate.yaml')]
  const { status } = await shadowgate([verb, ...config, ...args], 'shown')
  if (status > 3) return { status, folder: '' }
  // Again from the store, in every format: the config may have left out what the next steps read.
  const formats = ['--report-formats', 'html,markdown,json,junit']
  const report = await shadowgate(['report', ...config, ...reportFlags(args), ...formats, '--json'], 'kept')
  if (report.status !== 0) return { status: report.status, folder: '' }
  const files = field(JSON.parse(report.stdout), 'files')
  const folder = resolve(cwd, dirname(String(Array.isArray(files) ? files[0] : '')))
  const verdict = readVerdict(folder)
  // npx exits with 1 too, where it finds no package: an older verdict must not be taken for this one.
  const isSame = verdict?.status === status || (status === 0 && args.includes('--exit-zero'))
  if (isSame) return { status, folder }
  throw new Error(
    `shadowgate ${verb} ended with status ${status}, but the newest verdict of the store is another one’s`,
  )
}

/**
 * @param {string} name
 * @param {string} value
 * @param {readonly string[]} known
 */
function oneOf(name, value, known) {
  if (known.includes(value)) return value
  throw new Error(`${name}: "${value}" is none of ${known.join(', ')}`)
}

/** @type {{ status: number, folder: string }} */
let ended
try {
  ended = await withoutCommands(judged)
} catch (error) {
  annotate('error', 'shadowgate', error instanceof Error ? error.message : String(error))
  ended = { status: usage, folder: '' }
}
const verdict = readVerdict(ended.folder)
setOutputs({
  decision: verdict?.decision ?? '',
  status: String(ended.status),
  'run-id': verdict?.runId ?? '',
  'report-folder': verdict === null ? '' : ended.folder,
  'report-path': verdict === null ? '' : relative(workspace, ended.folder),
})
