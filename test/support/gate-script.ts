// Runs the scripts of the GitHub action as a runner does: child processes with the runner's variables and files.

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { json } from '../../src/report/json.ts'
import { markdown } from '../../src/report/markdown.ts'
import { reportInput } from '../report/fixture.ts'
import { temporaryFolder } from './cli.ts'

export const actionFolder = fileURLToPath(new URL('../../.github/actions/gate/', import.meta.url))

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** Read as the runner reads $GITHUB_OUTPUT. */
  readonly outputs: Readonly<Record<string, string>>
  /** $GITHUB_STEP_SUMMARY. */
  readonly summary: string
}

/** One step: `words` are a program and its arguments, in a folder. Nothing of the test's environment but PATH reaches it. */
export async function runStep(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const files = temporaryFolder()
  const [outputFile, summaryFile] = [join(files, 'output'), env['GITHUB_STEP_SUMMARY'] ?? join(files, 'summary')]
  writeFileSync(outputFile, '')
  const [file = '', ...args] = words
  const own = { PATH: process.env['PATH'], HOME: cwd, GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: summaryFile }
  const child = spawn(file, args, { cwd, env: { ...own, ...env } })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const summary = existsSync(summaryFile) ? readFileSync(summaryFile, 'utf8') : ''
  return { status, ...output, outputs: outputsOf(readFileSync(outputFile, 'utf8')), summary }
}

/** A script of the action, alone. No pause between its tries. */
export function runScript(name: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const folder = temporaryFolder()
  const words = [process.execPath, join(actionFolder, `${name}.mjs`)]
  return runStep(words, folder, { GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: 'ghs_test', RETRY_PAUSE_MS: '1', ...env })
}

function outputsOf(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, delimiter] = /^([\w-]+)<<(.+)$/.exec(lines[at] ?? '') ?? []
    if (name === undefined || delimiter === undefined) continue
    const end = lines.indexOf(delimiter, at + 1)
    if (end === -1) throw new Error(`the runner finds no ${delimiter}`)
    found[name] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return found
}

/** The report of a real renderer, in a folder that goes when the test ends. `comment` replaces comment.md. */
export function reportFolder(comment?: string, parts: Parameters<typeof reportInput>[0] = {}): string {
  const folder = join(temporaryFolder(), 'report')
  mkdirSync(folder)
  const input = reportInput(parts)
  writeFileSync(join(folder, 'comment.md'), comment ?? markdown.render(input))
  writeFileSync(join(folder, 'verdict.json'), json.render(input))
  return folder
}

/** A file as $GITHUB_EVENT_PATH names one. */
export function eventFile(event: unknown): string {
  const file = join(temporaryFolder(), 'event.json')
  writeFileSync(file, JSON.stringify(event))
  return file
}
