// Foreign text inside GitHub's Markdown: nothing in it may render, link, ping or break a table.

import { printable } from '../text.ts'

/** Invisible, and enough to keep the forge's link finders (which run after Markdown) from matching. */
const gap = '&#8203;'

/**
 * Text for a sentence or a table cell, on one line. Markdown and HTML characters are escaped; mentions (@), issues (#123,
 * GH-123), GitLab's references (!123), addresses and emoji words are taken apart.
 */
export function inline(text: string): string {
  return inlineHtml(text)
    .replace(/[\\`*_[\]|~$!]/g, '\\$&')
    .replace(/^(\s*)([#+-])(?=[#-]|\s|$)/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
}

/** Text inside an HTML element, where a back-slash is no escape but is shown. */
export function inlineHtml(text: string): string {
  return (
    printable(text)
      // An indent of four would be a block of code.
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join(' ')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(/#(?=\d)/g, `#${gap}`)
      .replace(/@(?=\w)/g, `@${gap}`)
      .replace(/(?<![a-z0-9])(GH)-(?=\d)/gi, `$1${gap}-`)
      // GitLab's merge requests, labels, milestones and epics.
      .replace(/([!~%]|&amp;)(?=\d|(?<=~)\w)/g, `$1${gap}`)
      .replace(/:\/\//g, `:${gap}//`)
      // An underscore is part of a word to \b, and none to a forge.
      .replace(/(?<![a-z0-9])(www)\./gi, `$1${gap}.`)
      .replace(/:(?=[a-z0-9\\_+-]+:)/gi, `:${gap}`)
  )
}

/** A name as code, on one line; fenced by one back-tick more than it holds. */
export function code(name: string): string {
  const text = printable(name)
  const ticks = '`'.repeat(longestRun(text) + 1)
  const pad = text.startsWith('`') || text.endsWith('`') || text === '' ? ' ' : ''
  return `${ticks}${pad}${text.replace(/\s+/g, ' ').replaceAll('|', '\\|')}${pad}${ticks}`
}

/** A block of foreign text: its fence is longer than any run of back-ticks in it, so that it can't end early. */
export function fence(foreign: string): string {
  const text = printable(foreign)
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return `${ticks}text\n${text}\n${ticks}`
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
}
