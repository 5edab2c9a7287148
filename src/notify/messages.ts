// The bodies of messages, one for each kind of receiver.

import { shorten } from '../core/visible-text.ts'
import { headline, type News, type Tale, taleOf } from './news.ts'

export const messageFormats = ['json', 'slack', 'teams'] as const
export type MessageFormat = (typeof messageFormats)[number]

/** JSON text for a receiver of this format. */
export function messageOf(news: News, format: MessageFormat): string {
  switch (format) {
    case 'json':
      return JSON.stringify(jsonMessage(news))
    case 'slack':
      return JSON.stringify(slackMessage(taleOf(news)))
    case 'teams':
      return JSON.stringify(teamsMessage(taleOf(news)))
    default:
      return format satisfies never
  }
}

const nightSchemaId = 'shadowgate/night@1'

function jsonMessage(news: News): object {
  const { night, ...around } = news
  return { schema: nightSchemaId, headline: headline(news), ...night, ...around }
}

/** Slack refuses a section of more than 3,000 characters, and a header of more than 150; what is cut ends in one more. */
const longestSection = 2900
const longestHeader = 149
/** Discord, which takes messages in Slack's form and shows their `text`, refuses more than 2,000. */
const longestText = 1900

/** As Slack's incoming webhooks take it; Mattermost and Discord show `text`, and leave the blocks. */
function slackMessage({ headline: title, lines, report, footer }: Tale): object {
  const link = report === null ? [] : [`Report: ${'url' in report ? linked(report.url) : marked(report.file)}`]
  // What is escaped grows: the link, which comes last, must not be what is cut.
  const body = (most: number) => {
    const end = link.join('\n')
    return [shorten(lines.map(marked).join('\n'), Math.max(0, most - end.length - 1)), ...link].join('\n')
  }
  const head = shorten(marked(title), 400)
  return {
    text: `${head}\n${body(longestText - head.length - 1)}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: shorten(title, longestHeader), emoji: false } },
      { type: 'section', text: { type: 'mrkdwn', text: body(longestSection) } },
      { type: 'context', elements: [{ type: 'plain_text', text: shorten(footer, longestSection), emoji: false }] },
    ],
  }
}

/** `&`, `<` and `>` are what Slack reads as markup; a mention or a link needs one of them. Mattermost and Discord mention by a plain `@`. */
function marked(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return escaped.replaceAll(/@(?=\w)/g, '@\u200b')
}

function linked(url: string): string {
  return `<${marked(url).replaceAll('|', '%7C')}>`
}

/** Teams takes 28 KB; there are a dozen lines at most. */
const longestCard = 1500

/** An adaptive card in the envelope that Teams' workflows for webhooks take. Text runs, which know no markup. */
function teamsMessage({ headline: title, lines, report, footer }: Tale): object {
  const url = report !== null && 'url' in report ? report.url : null
  const file = report !== null && 'file' in report ? [`Report: ${report.file}`] : []
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      block(title, { weight: 'Bolder', size: 'Medium' }),
      ...[...lines, ...file].map((line) => block(line)),
      block(footer, { isSubtle: true, size: 'Small' }),
    ],
    ...(url === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Open the report', url }] }),
  }
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }
  return { type: 'message', attachments: [attachment] }
}

function block(text: string, style: object = {}): object {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: shorten(text, longestCard), ...style }] }
}
