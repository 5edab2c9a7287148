// The built command line in a real pseudo terminal: keys go in, and the screen can be read.

import { fileURLToPath } from 'node:url'
import { spawn } from '@lydell/node-pty'
import xterm, { type IBufferCell } from '@xterm/headless'

const builtCli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

export interface TerminalOptions {
  readonly cwd: string
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
  /** Another build. */
  readonly cli?: string
}

export interface RunningTerminal {
  readonly pid: number
  /** The lines of the screen, without blanks at their ends. */
  readonly screen: () => readonly string[]
  readonly text: () => string
  /** The same with its colours. */
  readonly cells: () => readonly (readonly IBufferCell[])[]
  /** All that came, with `␛` for each escape character and `␇` for each bell. */
  readonly raw: () => string
  /** On the alternate screen? */
  readonly isAlternate: () => boolean
  readonly type: (keys: string) => void
  readonly resize: (columns: number, rows: number) => void
  readonly kill: (signal: string) => void
  /** Resolves once the screen is as asked; fails with the screen when the test's patience ends. */
  readonly until: (is: (text: string) => boolean, what?: string) => Promise<string>
  readonly ended: Promise<{ readonly status: number; readonly signal: number | undefined }>
}

const patienceMs = 60_000

/** Nothing of the test's environment but PATH reaches the process. */
export function startTerminal(args: readonly string[], options: TerminalOptions): RunningTerminal {
  const { cwd, columns = 80, rows = 24, env = {}, cli = builtCli } = options
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const pty = spawn(process.execPath, [cli, ...args], {
    cols: columns,
    rows,
    cwd,
    name: env['TERM'] ?? 'xterm-256color',
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
  })
  let raw = ''
  const listeners = new Set<() => void>()
  pty.onData((data) => {
    raw += data
    screen.write(data, () => {
      for (const listener of listeners) listener()
    })
  })
  // What a program asks of a terminal is answered, as a real one does.
  screen.onData((answer) => pty.write(answer))
  const ended = new Promise<{ status: number; signal: number | undefined }>((resolve) => {
    pty.onExit(({ exitCode, signal }) => resolve({ status: exitCode, signal }))
  })
  const lines = () => {
    const { active } = screen.buffer
    return Array.from({ length: screen.rows }, (_, row) =>
      (active.getLine(active.viewportY + row)?.translateToString(true) ?? '').trimEnd(),
    )
  }
  const text = () => lines().join('\n')
  const cells = () => {
    const { active } = screen.buffer
    return Array.from({ length: screen.rows }, (_, row) => {
      const line = active.getLine(active.viewportY + row)
      return Array.from({ length: screen.cols }, (__, column) => line?.getCell(column) ?? []).flat()
    })
  }
  return {
    pid: pty.pid,
    screen: lines,
    text,
    cells,
    raw: () => raw.replaceAll('\u001b', '␛').replaceAll('\u0007', '␇'),
    isAlternate: () => screen.buffer.active.type === 'alternate',
    type: (keys) => pty.write(keys),
    resize: (wide, high) => {
      screen.resize(wide, high)
      pty.resize(wide, high)
    },
    kill: (signal) => pty.kill(signal),
    until: (is, what = 'the screen') =>
      new Promise((resolve, reject) => {
        // Made here, so that it names the line that waits.
        const late = new Error(`${what} did not come`)
        const look = () => {
          if (!is(text())) return
          clearTimeout(timer)
          listeners.delete(look)
          resolve(text())
        }
        const timer = setTimeout(() => {
          listeners.delete(look)
          late.message += `; there was:\n${text()}`
          reject(late)
        }, patienceMs)
        listeners.add(look)
        look()
      }),
    ended,
  }
}
