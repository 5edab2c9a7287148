// One start of the built command line, as the scheduler starts it: a real process, on the clock of its night.

import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The build that is soaked, unless another is named. */
export const builtCli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const clock = new URL('./children/shifted-clock.ts', import.meta.url).href
/** In the environment of all that a job starts: so what it leaves behind is found. */
const mark = 'SHADOWGATE_SOAK_MARK'

export interface JobOrder {
  readonly cli: string
  readonly folder: string
  readonly args: readonly string[]
  /** What the clock on the wall says as it starts. */
  readonly clockMs: number
  readonly env?: Readonly<Record<string, string>>
  readonly longestMs?: number
}

export interface JobResult {
  /** null where a signal ended it. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly seconds: number
  readonly stdout: string
  readonly stderr: string
  /** It was still running after its longest time, and was ended. */
  readonly isHung: boolean
  /** `performance.now()` when it was gone. */
  readonly endedMs: number
}

export interface Job {
  readonly pid: number
  readonly over: Promise<JobResult>
  readonly kill: (signal: NodeJS.Signals) => void
  /** Calls `then` once, as soon as `isSo` says yes, which is asked all the time. */
  readonly onceSo: (isSo: () => boolean, then: () => void) => void
}

const pollMs = 1

export function startJob({ cli, folder, args, clockMs, env = {}, longestMs = 120_000 }: JobOrder): Job {
  const startedMs = performance.now()
  const child: ChildProcess = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      TMPDIR: `${folder}/tmp`,
      TZ: 'UTC',
      NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${clock}`,
      SOAK_CLOCK_MS: String(clockMs),
      [mark]: folder,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = (signal: NodeJS.Signals) => void child.kill(signal)
  const killOnExit = () => kill('SIGKILL')
  process.once('exit', killOnExit)
  const timers = new Set<NodeJS.Timeout>()
  const said = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
  let isHung = false
  const patience = setTimeout(() => {
    isHung = true
    kill('SIGKILL')
  }, longestMs)
  const over = new Promise<JobResult>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status, signal) => {
      clearTimeout(patience)
      for (const timer of timers) clearInterval(timer)
      process.off('exit', killOnExit)
      const endedMs = performance.now()
      resolve({ status, signal, ...said, isHung, endedMs, seconds: (endedMs - startedMs) / 1000 })
    })
  })
  return {
    pid: child.pid ?? 0,
    over,
    kill,
    onceSo: (isSo, then) => {
      const timer = setInterval(() => {
        if (!isSo()) return
        clearInterval(timer)
        timers.delete(timer)
        then()
      }, pollMs)
      timers.add(timer)
    },
  }
}

/** Processes that jobs of this folder left behind. */
export function leftBehind(folder: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(`${mark}=${folder}`)
    } catch {
      // Gone meanwhile, or somebody else's.
      return false
    }
  })
}
