// Installs promptfoo on demand, outside of the project's own dependencies, and runs it on the same prompts.

import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ChildResult, runChild } from './child.ts'
import { readRequests } from './logs.ts'
import { type Mock, models } from './mock.ts'

const manifests = ['package.json', 'package-lock.json']
const here = (name: string) => fileURLToPath(new URL(`../promptfoo/${name}`, import.meta.url))
/** Not beside the manifests: promptfoo ships test files, which this project's test runner would take for its own. */
const home = fileURLToPath(new URL('../../../node_modules/.cache/shadowgate-bench/promptfoo', import.meta.url))
/** The prefix in words: inside `npm run` the environment names the project's own folder. */
const npmCi = ['ci', '--prefix', home, '--no-audit', '--no-fund', '--loglevel', 'error']
const entry = join(home, 'node_modules/promptfoo/dist/src/entrypoint.js')

/** 2 GB, and some minutes the first time. Throws with npm's own words where it can't be installed. */
export function installPromptfoo(): void {
  const isCurrent = manifests.every(
    (name) => existsSync(join(home, name)) && readFileSync(join(home, name)).equals(readFileSync(here(name))),
  )
  if (isCurrent && existsSync(entry)) return
  mkdirSync(home, { recursive: true })
  for (const name of manifests) copyFileSync(here(name), join(home, name))
  const { status, stderr } = spawnSync('npm', npmCi, { cwd: home, encoding: 'utf8' })
  if (status === 0 && existsSync(entry)) return
  rmSync(join(home, 'package.json'), { force: true })
  throw new Error(
    `promptfoo can't be installed; --promptfoo-rounds 0 goes without it. npm said:\n${stderr.slice(-1500)}`,
  )
}

/** Both arms as its two providers, one cheap assertion an answer; its results stored as it does by default. */
export async function runPromptfoo(options: {
  readonly folder: string
  readonly log: string
  readonly pairs: number
  readonly concurrency: number
  readonly mock: Mock
  /** Its debug log, on by default: holds memory, and at times breaks the process once the work is done. */
  readonly hasDebugLog: boolean
}): Promise<ChildResult> {
  const { folder, log, pairs, concurrency, mock, hasDebugLog } = options
  const cwd = join(folder, 'promptfoo')
  rmSync(cwd, { recursive: true, force: true })
  mkdirSync(cwd)
  const requests = readRequests(log).slice(0, pairs)
  const provider = (arm: 'production' | 'candidate') => ({
    id: `openai:chat:${models[arm]}`,
    config: { apiBaseUrl: `http://127.0.0.1:${mock.ports[arm]}/v1`, apiKey: 'none', temperature: 0.2, max_tokens: 400 },
  })
  const roles = ['system', 'user']
  const prompt = roles.map((role) => ({ role, content: `{{${role}}}` }))
  const config = {
    prompts: [JSON.stringify(prompt)],
    providers: [provider('production'), provider('candidate')],
    defaultTest: { assert: [{ type: 'icontains', value: 'the' }] },
    tests: requests.map(({ messages }) => ({
      vars: Object.fromEntries(messages.map(({ role, content }) => [role, content])),
    })),
  }
  writeFileSync(join(cwd, 'promptfooconfig.json'), JSON.stringify(config))
  const flags = ['-c', 'promptfooconfig.json', '-j', String(concurrency)]
  const quiet = ['--no-cache', '--no-table', '--no-progress-bar', '--no-share']
  const env = { ...alone, PROMPTFOO_CONFIG_DIR: cwd, PROMPTFOO_DISABLE_DEBUG_LOG: hasDebugLog ? undefined : '1' }
  const result = await runChild([entry, 'eval', ...flags, ...quiet], { cwd, env, statuses: hasDebugLog ? [0, 1] : [0] })
  if (!result.stdout.includes('Eval complete')) throw new Error(`promptfoo did not come to its end:\n${result.stdout}`)
  return result
}

/** Nothing leaves the machine. */
const alone = Object.fromEntries(
  ['TELEMETRY', 'UPDATE', 'SHARING', 'REMOTE_GENERATION'].map((what) => [`PROMPTFOO_DISABLE_${what}`, '1']),
)
