// The bodies of messages, one for each kind of receiver.

import type { Night } from '../core/night.ts'
import { headline } from './news.ts'

export const messageFormats = ['json', 'slack'] as const
export type MessageFormat = (typeof messageFormats)[number]

/** JSON text for a receiver of this format. */
export function messageOf(night: Night, format: MessageFormat): string {
  switch (format) {
    case 'json':
      return JSON.stringify({ schema: nightSchemaId, headline: headline(night), ...night })
    case 'slack':
      return JSON.stringify(slackMessage(night))
    default:
      return format satisfies never
  }
}

const nightSchemaId = 'shadowgate/night@1'

/** Slack cuts a section at 3,000 characters, and refuses what is longer. */
const longestSection = 2900

/** As Slack's incoming webhooks take it, and Mattermost's, which show `text`. */
function slackMessage(night: Night): object {
  const lines = [escaped(night.because), escaped(night.next)]
  const reports = night.kind === 'judged' ? night.reports.map((path) => `Report: ${escaped(path)}`) : []
  const run = night.runId === null ? [] : [`Run ${escaped(night.runId)}`]
  return {
    text: escaped(headline(night)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(headline(night), 150), emoji: false } },
      section([...lines, ...reports].join('\n')),
      {
        type: 'context',
        elements: [
          { type: 'plain_text', text: cut([...run, night.finishedAt].join(' · '), longestSection), emoji: false },
        ],
      },
    ],
  }
}

function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(text, longestSection) } }
}

/** `&`, `<` and `>` are what Slack reads as markup; a mention or a link needs one of them. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`
}
