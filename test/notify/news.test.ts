// What is worth telling, and how it reads.

import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/core/judgement.ts'
import type { Night } from '../../src/core/night.ts'
import { messageOf } from '../../src/notify/messages.ts'
import { headline, isNews, type News, type Occasion, taleOf } from '../../src/notify/news.ts'
import { type PastNight, pastOf } from '../../src/notify/past.ts'
import { plainNews } from '../../src/notify/plain.ts'
import { turnsOf } from '../../src/notify/turns.ts'
import { failed, judged, news, quiet } from './nights.ts'

const noGo = { runId: 'r1', decision: 'NO-GO', held: false } as const
const same = judged({ before: noGo })
const down = { failures: 1, lastCode: 'TARGET_UNREACHABLE' }

describe('news', () => {
  it.each<[string, News, Occasion, boolean]>([
    ['another decision', news(judged()), 'change', true],
    ['the same decision', news(same), 'change', false],
    ['the same decision, and an alarm', news(judged({ before: noGo, alarms: ['Refused moved.'] })), 'change', true],
    ['the same decision, and no alarm', news(judged({ before: noGo, alarms: [] })), 'change', false],
    ['the same GO, and now it is held', news(judged({ decision: 'GO', held: true })), 'change', true],
    ['the first decision of all', news(judged({ before: null })), 'change', true],
    ['the same decision, for those who want every night', news(same), 'always', true],
    ['another decision, for nobody', news(judged()), 'never', false],
    ['the first failure', news(failed({ before: noGo })), 'change', true],
    ['the same failure again', news(failed(), down), 'change', false],
    ['another failure', news(failed({ code: 'KEY_REFUSED' }), down), 'change', true],
    ['the same failure for the eighth time', news(failed(), { ...down, failures: 7 }), 'change', true],
    ['the same failure for the ninth time', news(failed(), { ...down, failures: 8 }), 'change', false],
    ['the same decision after a failure', news(same, down), 'change', true],
    ['nothing new after a failure', news(quiet(), down), 'change', true],
    ['nothing new', news(quiet()), 'change', false],
    ['nothing new for the second night', news(quiet(), { quiet: 1 }), 'change', false],
    ['nothing new for the third night', news(quiet(), { quiet: 2 }), 'change', true],
    ['nothing new for the fourth night', news(quiet(), { quiet: 3 }), 'change', false],
    ['nothing new for a week more', news(quiet(), { quiet: 9 }), 'change', true],
    ['new records after two nights without', news(same, { quiet: 2 }), 'change', false],
    ['new records after three nights without', news(same, { quiet: 3 }), 'change', true],
  ])('%s', (_, each, on, expected) => {
    expect(isNews(each, { on, quietNights: 3, remindNights: 7 })).toBe(expected)
  })

  it('with 0 is silent of quiet nights, and reminds of nothing', () => {
    const telling = { on: 'change', quietNights: 0, remindNights: 0 } as const
    expect(isNews(news(quiet(), { quiet: 6 }), telling)).toBe(false)
    expect(isNews(news(failed(), { ...down, failures: 7 }), telling)).toBe(false)
    expect(isNews(news(same, { quiet: 9 }), telling)).toBe(false)
  })

  it.each<[News, string]>([
    [news(judged()), 'NO-GO (was GO): gpt-4 → gpt-4-new'],
    [news(judged({ decision: 'GO', held: true, before: null })), 'GO, held: gpt-4 → gpt-4-new'],
    [news(judged({ before: noGo, alarms: ['Refused moved.'] })), 'NO-GO, with an alarm (was NO-GO): gpt-4 → gpt-4-new'],
    [news(judged({ alarms: ['Refused moved.'] })), 'NO-GO (was GO): gpt-4 → gpt-4-new'],
    [news(failed()), 'No verdict, TARGET_UNREACHABLE (last decision GO): gpt-4 → gpt-4-new'],
    [
      news(failed({ before: null }), { ...down, failures: 2, standing: { decision: 'GO', held: true } }),
      'No verdict, 3 nights in a row, TARGET_UNREACHABLE (last decision GO, held): gpt-4 → gpt-4-new',
    ],
    [news(quiet(), { quiet: 2 }), 'Nothing new, 3 nights in a row (GO stands): gpt-4 → gpt-4-new'],
    [news(failed(), {}, { isTest: true }), 'A test, nothing was judged: gpt-4 → gpt-4-new'],
  ])('%# reads %s', (each, words) => {
    expect(headline(each)).toBe(words)
  })

  it('tells decision, reason, what turned, the end of a bad spell, what to do, and the report, in that order', () => {
    const turns = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `Rule ${name}: pass → fail.`)
    const { lines, report, footer } = taleOf(news(judged({ turns }), { ...down, failures: 3 }))
    expect(lines).toEqual([
      'The candidate is shown to break latency-p95 & <!channel> more.',
      ...turns.slice(0, 5),
      '2 more rules came out otherwise.',
      'Judged again after 3 nights that failed, the last with TARGET_UNREACHABLE.',
      'Keep production.',
    ])
    expect(report).toEqual({ file: '/srv/gate/reports/r2/report.html' })
    expect(footer).toBe('Run r2 · 2026-11-26 02:47 UTC')
  })
})

it('an alarm follows the reason: the decision says nothing of it', () => {
  const alarmed = judged({ before: noGo, alarms: ['Refused moved.'], turns: ['Refused: pass → fail.'] })
  const [, ...rest] = taleOf(news(alarmed)).lines
  expect(rest).toEqual(['Refused moved.', 'Refused: pass → fail.', 'Keep production.'])
})

it('what a receiver missed is told with what is told next', () => {
  const missed = { headline: 'NO-GO (was GO): a → b', at: '2026-11-25T02:47:30.000Z' }
  const { lines } = taleOf(news(same, {}, { missed }))
  expect(lines).toContain('This could not be told on 2026-11-25 02:47 UTC: NO-GO (was GO): a → b.')
})

describe('one failure', () => {
  it('is over in other words than several, and a night without anything new says so too', () => {
    expect(taleOf(news(same, down)).lines).toContain('Judged again after a night that failed with TARGET_UNREACHABLE.')
    expect(taleOf(news(quiet(), down)).lines).toContain(
      'The job ran again after a night that failed with TARGET_UNREACHABLE.',
    )
  })
})

describe('the past of a night', () => {
  const ended = (came: Night | null): PastNight => ({ state: 'ended', came })
  const on = (day: number, night: Night): PastNight =>
    ended({ ...night, startedAt: `2026-11-${day}T02:30:00.000Z`, finishedAt: `2026-11-${day}T02:40:00.000Z` })
  const cutOff: PastNight = { state: 'cut-off', came: null }
  const now = '2026-11-26T02:30:00.000Z'

  it.each<[string, readonly PastNight[], object]>([
    ['nothing', [], { failures: 0, quiet: 0, lastSuccessAt: null, standing: null }],
    [
      'failures up to it, one that went without a word among them',
      [on(20, judged()), on(21, failed()), cutOff, on(23, failed({ code: 'KEY_REFUSED' }))],
      { failures: 3, lastCode: 'KEY_REFUSED', lastSuccessAt: '2026-11-20T02:40:00.000Z' },
    ],
    ['failures that are over', [on(21, failed()), on(22, judged())], { failures: 0, lastCode: null }],
    [
      'quiet nights, a failure between them',
      [on(20, judged()), on(21, quiet()), on(22, failed()), on(23, quiet())],
      { failures: 0, quiet: 2, lastSuccessAt: '2026-11-23T02:40:00.000Z' },
    ],
    [
      'what stands',
      [on(20, judged({ held: true })), on(21, failed())],
      { standing: { decision: 'NO-GO', held: true } },
    ],
    [
      'the night itself, and one that runs',
      [on(25, quiet()), on(26, failed()), { state: 'running', came: null }],
      { failures: 0, quiet: 1 },
    ],
    ['a night that a later version wrote', [on(20, quiet()), ended(null), on(22, failed())], { failures: 1, quiet: 0 }],
  ])('knows %s', (_, nights, expected) => {
    expect(pastOf(nights, now)).toMatchObject(expected)
  })
})

describe('a message', () => {
  it('as JSON holds the whole night, its past and its schema', () => {
    const message = JSON.parse(messageOf(news(judged(), { quiet: 1 }, { reportUrl: 'https://r.example/r2' }), 'json'))
    expect(message).toMatchObject({ schema: 'shadowgate/night@1', ...judged(), past: { quiet: 1 } })
    expect(message).toMatchObject({ reportUrl: 'https://r.example/r2' })
  })

  it('to Slack has no markup of anybody else in it, mentions nobody, and keeps its link where it is cut', () => {
    const because = `<!channel> @everyone & ${'x<'.repeat(4500)}`
    const message = messageOf(news(judged({ because }), {}, { reportUrl: 'https://r.example/a|b?x=1&y=2' }), 'slack')
    expect(message).not.toMatch(/<!|@everyone/)
    const { text, blocks } = JSON.parse(message)
    expect(text).toMatch(/^NO-GO \(was GO\): gpt-4 → gpt-4-new\n&lt;!channel&gt; @\u200beveryone &amp; x/)
    for (const each of [text, blocks[1].text.text])
      expect(each).toMatch(/\nReport: <https:\/\/r\.example\/a%7Cb\?x=1&amp;y=2>$/)
    expect(text.length).toBeLessThanOrEqual(2000)
    expect(blocks[1].text.text.length).toBeLessThanOrEqual(3000)
    expect(blocks[0].text.text.length).toBeLessThanOrEqual(150)
  })

  it('to Slack holds its bounds where the models have names without end', () => {
    const { text, blocks } = JSON.parse(messageOf(news(judged({ swap: '&'.repeat(5000) })), 'slack'))
    expect(text.length).toBeLessThanOrEqual(2000)
    expect(text).toContain('Keep production.')
    expect(blocks[0].text.text.length).toBeLessThanOrEqual(150)
  })

  it('to Teams is a card whose texts are no markup, with a button to the report', () => {
    const card = (each: News) => JSON.parse(messageOf(each, 'teams')).attachments[0]
    const { contentType, content } = card(news(judged(), {}, { reportUrl: 'https://r.example/r2' }))
    expect(contentType).toBe('application/vnd.microsoft.card.adaptive')
    expect(content.body.every(({ type }: { type: string }) => type === 'RichTextBlock')).toBe(true)
    expect(content.body[0].inlines[0].text).toBe('NO-GO (was GO): gpt-4 → gpt-4-new')
    expect(content.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Open the report', url: 'https://r.example/r2' }])
    const without = card(news(judged())).content
    expect(without).not.toHaveProperty('actions')
    expect(JSON.stringify(without)).toContain('Report: /srv/gate/reports/r2/report.html')
  })

  it('holds no credential, neither one of a known form nor one that the job uses', () => {
    const because = 'refused: sk-proj-abcdefghij0123456789 and our-own-form-of-a-key, at \u202eevil'
    const plain = plainNews(news(judged({ because, reports: ['/srv/our-own-form-of-a-key/x'] })), [
      'our-own-form-of-a-key',
      'short',
    ])
    expect(plain.night.because).toBe('refused: [secret] and [secret], at ⟨U+202E⟩evil')
    expect(JSON.stringify(plain)).not.toContain('our-own-form')
    expect(plainNews(news(judged()), ['short']).night).toEqual(judged())
  })
})

describe('rules that turned', () => {
  const finding = (metric: string, outcome: Finding['outcome'], value?: string): Finding => ({
    rule: {
      metric,
      segment: value === undefined ? null : { key: 'task', value },
      margin: 0.1,
      severity: 'block',
      mode: 'worse',
      stage: 'replay',
    },
    effect: null,
    outcome,
    because: '',
    look: null,
    morePairs: null,
  })

  it('are told worst first, by the rule that both runs had', () => {
    const before = [finding('answered', 'fail'), finding('ttft-p95', 'pass'), finding('ttft-p95', 'pass', 'prime')]
    const now = [
      finding('answered', 'pass'),
      finding('ttft-p95', 'inconclusive'),
      finding('ttft-p95', 'fail', 'prime'),
      finding('json-valid', 'fail'),
    ]
    expect(turnsOf(before, now)).toEqual([
      'Time to first token p95 in task=prime: pass → fail.',
      'Time to first token p95: pass → inconclusive.',
      'Answered: fail → pass.',
    ])
    expect(turnsOf(now, now)).toEqual([])
  })
})
