// What leaves the browser: the pair in another program, and an id on its way to the clipboard.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { thrownMessage } from '../core/fault.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The command that a person has chosen, or what every system has. Commands may have arguments: `code --wait`. */
export function programOf(program: 'pager' | 'editor', env: Environment): string {
  // `||`: a variable that is empty chooses nothing.
  return program === 'pager' ? env['PAGER'] || 'less' : env['VISUAL'] || env['EDITOR'] || 'vi'
}

/**
 * Shows a text in another program, which has the terminal until it ends. The file is gone then. Resolves to what went wrong, or null.
 */
export async function showIn(program: 'pager' | 'editor', text: string, env: Environment): Promise<string | null> {
  const command = programOf(program, env)
  let folder: string | null = null
  try {
    folder = mkdtempSync(join(tmpdir(), 'shadowgate-'))
    const file = join(folder, 'pair.md')
    writeFileSync(file, text, { mode: 0o600 })
    return await ended(command, file, env)
  } catch (error) {
    return thrownMessage(error)
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true })
  }
}

function ended(command: string, file: string, env: Environment): Promise<string | null> {
  // Ctrl-C is the program's while it has the terminal; it reaches every process of the terminal.
  const heard = process.listeners('SIGINT')
  process.removeAllListeners('SIGINT')
  process.on('SIGINT', ignore)
  return new Promise<string | null>((resolve) => {
    const child =
      process.platform === 'win32'
        ? spawn(`${command} "${file}"`, { stdio: 'inherit', shell: true, env })
        : // The shell splits the command as the person wrote it; the file is an argument, and never part of it.
          spawn('/bin/sh', ['-c', `${command} "$1"`, 'sh', file], { stdio: 'inherit', env })
    child.on('error', (error) => resolve(`${command} can't be started: ${error.message}`))
    child.on('close', (status) => resolve(status === 127 ? `${command} can't be found: set $PAGER or $EDITOR` : null))
  }).finally(() => {
    process.off('SIGINT', ignore)
    for (const listener of heard) process.on('SIGINT', listener)
  })
}

function ignore(): void {}

/** Asks the terminal to put a text on the clipboard (OSC 52): that works through ssh too, where a terminal allows it. */
export function clipboardSequence(text: string): string {
  return `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`
}
