// A world of a test's own: environment and folder as given, a clock that stands still, and all that is said collected.

import { PassThrough } from 'node:stream'
import type { World } from '../../src/commands/world.ts'
import { createFakeClock } from './fake-clock.ts'

export interface FakeWorld {
  readonly world: World
  /** Texts handed to standard output, in order. */
  readonly stdout: readonly string[]
  /** Remarks, in order. */
  readonly log: readonly string[]
}

/** Version 9.9.9, on a standard error that is no terminal. Nothing of the test's own environment is in it. */
export function createWorld(parts: Partial<World> = {}): FakeWorld {
  const stdout: string[] = []
  const log: string[] = []
  const stderr = Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.WriteStream
  const world: World = {
    cwd: '/nowhere',
    env: {},
    clock: createFakeClock(),
    wallNow: () => 0,
    stdout: (text) => void stdout.push(text),
    log: (text) => void log.push(text),
    stderr,
    columns: null,
    drain: new AbortController().signal,
    onHangUp: () => {},
    leave: new AbortController().signal,
    tellParent: () => {},
    confirm: null,
    terminal: null,
    versions: { shadowgate: '9.9.9', node: '24.0.0' },
    ...parts,
  }
  return { world, stdout, log }
}
