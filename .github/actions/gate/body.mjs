// The text of a comment or a summary: comment.md, or a few words where that is missing or too long.
// @ts-check

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setting } from './api.mjs'
import { nothingNew, wordOf } from './outcome.mjs'

/** The first line of shadowgate's `comment.md`. */
const plainMarker = '<!-- shadowgate:report -->'

/**
 * The first line of our comment: each sticky id has its own, so that several gates keep a comment each. Throws on an id that
 * could leave the HTML comment.
 * @param {string} stickyId
 */
export function markerOf(stickyId) {
  if (stickyId === '') return plainMarker
  if (!/^[A-Za-z0-9._]+(?:-[A-Za-z0-9._]+)*$/.test(stickyId) || stickyId.length > 64) {
    throw new Error(
      `sticky-id "${stickyId}": up to 64 letters, digits, dots, underscores and single hyphens are allowed`,
    )
  }
  return `<!-- shadowgate:report ${stickyId} -->`
}

/**
 * Whether a comment begins with exactly this marker. Forges keep line ends as they came.
 * @param {unknown} body
 * @param {string} marker
 */
export function isMarked(body, marker) {
  return typeof body === 'string' && body.split(/\r?\n/, 1)[0]?.trim() === marker
}

/**
 * The report in Markdown, without its marker; the short form where there is none.
 * @param {import('./outcome.mjs').Verdict | null} verdict
 * @param {{ folder: string, status: number | null }} gate
 */
export function longBody(verdict, { folder, status }) {
  const file = join(folder, 'comment.md')
  if (verdict === null || !existsSync(file)) return shortBody(verdict, status)
  const text = readFileSync(file, 'utf8')
  const rest = text.startsWith(plainMarker) ? text.slice(plainMarker.length) : text
  return rest.trim()
}

/**
 * What fits everywhere. Nothing in it comes from a model.
 * @param {import('./outcome.mjs').Verdict | null} verdict
 * @param {number | null} status
 */
export function shortBody(verdict, status) {
  if (verdict === null && status === nothingNew) {
    return '## Nothing new\n\nNo record came since the last judged run: nothing was sent, and its verdict stands.'
  }
  if (verdict === null) {
    const how = status === null ? 'It left' : `It ended with status ${status} and left`
    return `## shadowgate could not judge\n\n${how} no verdict; the job’s log says why. What an earlier comment said here is no longer about this change.`
  }
  return `## ${wordOf(verdict)}\n\nThe report is too long to be shown here.`
}

/** Links to the artifact and to the job, as the runner names them. Empty where neither is known. */
export function pointer() {
  const artifact = setting('ARTIFACT_URL')
  const job = setting('JOB_URL')
  const links = [...(artifact ? [`[Report](${artifact})`] : []), ...(job ? [`[Log](${job})`] : [])]
  return links.join(' · ')
}

/** @param {readonly string[]} parts */
export function joined(parts) {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/**
 * A comment of at most `max` characters: the report, or the words that point to it.
 * @param {import('./outcome.mjs').Verdict | null} verdict
 * @param {{ folder: string, status: number | null }} gate
 * @param {{ marker: string, max: number }} form
 * @returns {{ text: string, isShort: boolean }}
 */
export function commentOf(verdict, gate, { marker, max }) {
  const text = joined([marker, longBody(verdict, gate), pointer()])
  if (text.length <= max) return { text, isShort: false }
  return { text: joined([marker, shortBody(verdict, gate.status), pointer()]), isShort: true }
}
