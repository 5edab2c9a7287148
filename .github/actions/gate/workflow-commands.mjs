// What a script says to GitHub's runner: outputs, annotations and log lines that no foreign text can forge.
// @ts-check

import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'

/** @typedef {'error' | 'warning' | 'notice'} Level */

/** @param {string} text */
export function escapeData(text) {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** @param {string} text */
export function escapeProperty(text) {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/**
 * An annotation of the job, on one line of the log.
 * @param {Level} level
 * @param {string} title
 * @param {string} message
 */
export function annotate(level, title, message) {
  process.stdout.write(`::${level} title=${escapeProperty(title)}::${escapeData(message)}\n`)
}

/**
 * Writes outputs of the step. The delimiter is random for each, so that a text can't end its own value and begin another's.
 * @param {Readonly<Record<string, string>>} outputs
 */
export function setOutputs(outputs) {
  const file = process.env['GITHUB_OUTPUT']
  if (!file) return
  for (const [name, value] of Object.entries(outputs)) {
    const delimiter = `end-${randomUUID()}`
    appendFileSync(file, `${name}<<${delimiter}\n${value}\n${delimiter}\n`)
  }
}

/**
 * While `run` prints, the runner takes no line for a command: segments and answers of models are in what the gate says.
 * @template T
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function withoutCommands(run) {
  const token = randomUUID()
  process.stdout.write(`::stop-commands::${token}\n`)
  try {
    return await run()
  } finally {
    process.stdout.write(`\n::${token}::\n`)
  }
}
