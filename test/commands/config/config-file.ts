// Configs in folders that go when the test ends, and the faults that loading them ends in.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type ConfigSources, type LoadedConfig, loadConfig } from '../../../src/commands/config/load.ts'
import { Fault } from '../../../src/core/fault.ts'

/** Two targets; lines 1 to 3. */
export const targets = `targets:
  production: { baseUrl: http://production.example/v1 }
  candidate: { baseUrl: http://candidate.example/v1 }
`

/** Loads a config from a file called `shadowgate.yaml`. */
export function load(text: string, sources: Partial<ConfigSources> = {}): LoadedConfig {
  const cwd = mkdtempSync(join(tmpdir(), 'shadowgate-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  writeFileSync(join(cwd, 'shadowgate.yaml'), text)
  return loadConfig({ file: 'shadowgate.yaml', cwd, env: {}, flags: {}, ...sources })
}

/** The fault that `work` throws; it must throw one. */
export function faultOf(work: () => unknown): Fault {
  try {
    work()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('there was no fault')
}
