// Runs a Node program as a child process and says what it cost: wall time, CPU time, peak memory.

import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export interface ChildOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Exit statuses that are no failure; 0 without it. */
  readonly statuses?: readonly number[]
  /** Reads the resident memory that often. */
  readonly sampleEveryMs?: number
  readonly timeoutMs?: number
}

export interface ChildResult {
  readonly stdout: string
  /** Lines of standard error, and when each came. */
  readonly lines: readonly { readonly atMs: number; readonly text: string }[]
  /** From spawn to exit. */
  readonly wallSeconds: number
  /** Of all its threads. */
  readonly cpuSeconds: number
  readonly peakMb: number
  /** Resident memory over time; empty without `sampleEveryMs`, and where there is no /proc. */
  readonly samplesMb: readonly number[]
}

/**
 * Written as the process exits. VmHWM, not ru_maxrss: the latter begins with what the parent held at the fork. A worker
 * thread inherits the preload and has nothing to say.
 */
const preload = `
import { isMainThread } from 'node:worker_threads'
import { readFileSync, writeFileSync } from 'node:fs'
if (isMainThread) process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  let peakKb = maxRSS
  try { peakKb = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) } catch {}
  writeFileSync('.bench-usage-' + process.pid, JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakKb }))
})`
const importFlag = `--import=data:text/javascript,${encodeURIComponent(preload)}`

/** Rejects where the child fails, with the end of what it said. */
export async function runChild(args: readonly string[], options: ChildOptions): Promise<ChildResult> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [importFlag, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: options.cwd, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? 1_800_000,
    killSignal: 'SIGKILL',
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const samplesMb: number[] = []
  const sampler = options.sampleEveryMs && setInterval(() => sample(child.pid, samplesMb), options.sampleEveryMs)
  let stdout = ''
  let rest = ''
  const lines: { atMs: number; text: string }[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) lines.push({ atMs: performance.now() - startedAt, text: part })
  })
  let exitedAt = 0
  child.on('exit', () => (exitedAt = performance.now()))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  process.off('exit', kill)
  clearInterval(sampler || undefined)
  if (status === null || !(options.statuses ?? [0]).includes(status)) {
    const said = [...lines.map(({ text }) => text), rest, stdout].join('\n').slice(-2000)
    throw new Error(`${args.slice(0, 4).join(' ')} ended with ${status ?? 'a signal'}:\n${said}`)
  }
  const usageFile = join(options.cwd, `.bench-usage-${child.pid}`)
  const usage: { cpuSeconds: number; peakKb: number } = JSON.parse(readFileSync(usageFile, 'utf8'))
  rmSync(usageFile)
  const wallSeconds = (exitedAt - startedAt) / 1000
  return { stdout, lines, wallSeconds, cpuSeconds: usage.cpuSeconds, peakMb: usage.peakKb / 1024, samplesMb }
}

function sample(pid: number | undefined, into: number[]): void {
  try {
    const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    if (kb) into.push(Number(kb) / 1024)
  } catch {
    // Not Linux, or gone already.
  }
}
