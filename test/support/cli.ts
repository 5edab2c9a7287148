// Runs the built command line as users do: a child process, in a folder of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

export interface CliResult {
  /** null where a signal ended it. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Called with the child as soon as it runs: to kill it. */
  readonly onStart?: (child: ChildProcess) => void
  readonly input?: string
  /** Largest file that the process may write, in KiB: a full disk, without one. */
  readonly fileLimitKib?: number
}

/** Ends when the process does. Nothing of the test's environment but PATH reaches it. */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    // As people read it, unless a test asks for what machines do.
    const env = { PATH: process.env['PATH'], HOME: options.cwd, SHADOWGATE_LOG_FORMAT: 'text', ...options.env }
    const limited = ['-c', `ulimit -f ${options.fileLimitKib}; exec "$0" "$@"`, process.execPath, cli, ...args]
    const child = options.fileLimitKib
      ? spawn('bash', limited, { cwd: options.cwd, env })
      : spawn(process.execPath, [cli, ...args], { cwd: options.cwd, env })
    const output = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, ...output }))
    child.stdin.end(options.input ?? '')
    options.onStart?.(child)
  })
}

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shadowgate-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
