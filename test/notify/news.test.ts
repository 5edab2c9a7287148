// What is worth telling, and how it reads.

import { describe, expect, it } from 'vitest'
import type { Night } from '../../src/core/night.ts'
import { messageOf } from '../../src/notify/messages.ts'
import { headline, isNews, type Occasion } from '../../src/notify/news.ts'
import { textfileOf } from '../../src/notify/textfile.ts'
import { failed, judged } from './nights.ts'

const noGo = { runId: 'r1', decision: 'NO-GO', held: false } as const

describe('news', () => {
  it.each<[string, Night, Occasion, boolean]>([
    ['another decision', judged(), 'change', true],
    ['the same decision', judged({ before: noGo }), 'change', false],
    ['the same GO, and now it is held', judged({ decision: 'GO', held: true }), 'change', true],
    ['the first decision of all', judged({ before: null }), 'change', true],
    ['no decision', failed({ before: noGo }), 'change', true],
    ['the same decision, for those who want every night', judged({ before: noGo }), 'always', true],
    ['another decision, for nobody', judged(), 'never', false],
  ])('%s', (_, night, on, expected) => {
    expect(isNews(night, on)).toBe(expected)
  })

  it.each<[Night, string]>([
    [judged(), 'NO-GO (was GO): gpt-4 → gpt-4-new'],
    [judged({ decision: 'GO', held: true, before: null }), 'GO, held: gpt-4 → gpt-4-new'],
    [failed(), 'no verdict: TARGET_UNREACHABLE (was GO): gpt-4 → gpt-4-new'],
  ])('%# reads %s', (night, words) => {
    expect(headline(night)).toBe(words)
  })
})

describe('a message', () => {
  it('as JSON holds the whole night and its schema', () => {
    expect(JSON.parse(messageOf(judged(), 'json'))).toMatchObject({ schema: 'shadowgate/night@1', ...judged() })
  })

  it('to Slack has no markup of anybody else in it, and no section beyond its bounds', () => {
    const message = messageOf(judged({ because: `<!channel> & ${'x'.repeat(9000)}` }), 'slack')
    expect(message).not.toMatch(/<!/)
    expect(message).toContain('&lt;!channel&gt; &amp; x')
    const { text, blocks } = JSON.parse(message)
    expect(text).toBe('NO-GO (was GO): gpt-4 → gpt-4-new')
    expect(blocks[1].text.text.length).toBeLessThanOrEqual(3000)
    expect(blocks[0].text.text.length).toBeLessThanOrEqual(150)
  })
})

describe('the textfile', () => {
  it('has one sample for each decision, and the job’s times in seconds', async () => {
    const lines = (await textfileOf(judged())).split('\n')
    expect(lines).toContain('shadowgate_decision{decision="NO-GO"} 1')
    expect(lines).toContain('shadowgate_decision{decision="GO"} 0')
    expect(lines).toContain('shadowgate_last_run_duration_seconds 1050')
    expect(lines).toContain(`shadowgate_last_run_timestamp_seconds ${Date.parse('2026-11-26T02:47:30Z') / 1000}`)
    expect(lines).toContain('shadowgate_cost_usd 3.25')
  })
  it('of a night without a verdict names no decision', async () => {
    const text = await textfileOf(failed())
    expect(text).toContain('shadowgate_last_run_failed 1')
    expect(text).not.toMatch(/shadowgate_decision|shadowgate_pairs/)
  })
})
