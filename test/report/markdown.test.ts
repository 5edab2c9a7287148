// comment.md: fits, pings nobody, and model text never leaves its fence.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { code, fence, inline } from '../../src/report/markdown/escape.ts'
import { markdown, marker, maxBytes } from '../../src/report/markdown.ts'
import { reportInput } from './fixture.ts'
import { worstExample } from './fixture-examples.ts'
import { everything } from './hostile.ts'

const input = reportInput()
const text = markdown.render(input)

/** The text outside fences, read as CommonMark reads fences. */
function outside(markdownText: string): string {
  const kept: string[] = []
  let fenceOf: string | null = null
  for (const line of markdownText.split('\n')) {
    const ticks = /^ {0,3}(`{3,})[^`]*$/.exec(line)?.[1] ?? null
    if (fenceOf === null && ticks !== null) fenceOf = ticks
    else if (fenceOf !== null && new RegExp(`^ {0,3}\`{${fenceOf.length},}\\s*$`).test(line)) fenceOf = null
    else if (fenceOf === null) kept.push(line)
  }
  expect(fenceOf).toBeNull()
  return kept.join('\n')
}

test('begins with the marker by which the next run finds it', () => {
  expect(text.startsWith(`${marker}\n`)).toBe(true)
})

test('says decision, reason, next, cost and the failed segment', () => {
  expect(text).toContain('## ✗ NO-GO: `gpt-4-0314` → `gpt-4-0613`')
  expect(text).toContain('**Next:** Do not start the canary')
  expect(text).toContain('Cost: $42.48')
  expect(text).toContain('Latency p50 in task=prime')
})

test('outside fences nothing mentions, links, renders or opens HTML but our own', () => {
  const bare = outside(text)
  expect(bare).not.toMatch(/@\w|(?<![&\w])#\d|:\/\/|(?<!\\)\]\(/)
  expect(bare.replaceAll('\\`', '')).not.toContain('```')
  const tags = [...bare.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
  expect(new Set(tags)).toEqual(
    new Set([marker, '<details>', '</details>', '<summary>', '</summary>', '<sub>', '</sub>']),
  )
})

test('names the level of intervals in the head where it is one for all rows, else in each row', () => {
  expect(text).toMatch(/\| change \| 90.% interval \| limit \|/)
  const [first, ...others] = input.verdict.findings
  if (!first?.effect) throw new Error('the fixture begins with an effect')
  const looked = {
    ...first,
    effect: { ...first.effect, interval: { ...first.effect.interval, level: 0.963 } },
  }
  const mixed = markdown.render(reportInput({ verdict: { ...input.verdict, findings: [looked, ...others] } }))
  expect(mixed).toMatch(/\| change \| interval \| limit \|/)
  expect(mixed.match(/\| 96\.3.% interval [^|]+ to /g)).toHaveLength(1)
  expect(mixed).toMatch(/\| 90.% interval [^|]+ to /)
})

test('every row of the table has as many cells as its head', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('|'))
  const cells = rows.map((row) => row.replaceAll('\\|', '').split('|').length)
  expect(new Set(cells).size).toBe(1)
})

describe('size', () => {
  const long = Array.from({ length: 300 }, (_, index) => `${index} ${everything.repeat(20)}`)
  const worst = { ...worstExample, prompt: '`'.repeat(20_000), reasons: long }
  const findings = Array.from({ length: 30 }, () => input.verdict.findings).flat()
  const huge = markdown.render(
    reportInput({
      verdict: { ...input.verdict, because: long.join(), flags: long, findings },
      run: { ...input.run, notes: long },
      examples: Array.from({ length: 5 }, () => worst),
    }),
  )

  test('stays below the forge’s limit whatever it is given', () => {
    expect(Buffer.byteLength(huge)).toBeLessThan(maxBytes)
  })

  test('ends between sections and says that something is missing', () => {
    expect(huge).toMatch(/_The rest does not fit into a comment: .*_\n\n<sub>.*<\/sub>\n$/)
    outside(huge)
  })

  test('nothing is missing from an ordinary one', () => {
    expect(text).not.toContain('does not fit')
  })
})

test('a fence is longer than any run of back-ticks in the text', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('`', '``', '```', '\n', 'a', '~~~', ' ')), (parts) => {
      expect(outside(`before\n${fence(parts.join(''))}\nafter`)).toBe('before\nafter')
    }),
  )
})

test.each([
  ['mentions', '@everyone', '@&#8203;everyone'],
  ['issues', '#123', '#&#8203;123'],
  ['other issues', 'GH-12', 'GH&#8203;-12'],
  ['merge requests', '!12', '\\!&#8203;12'],
  ['labels and epics', '~bug &3 %4', '\\~&#8203;bug &amp;&#8203;3 %&#8203;4'],
  ['addresses', 'https://a.b', 'https:&#8203;//a.b'],
  ['tables', 'a|b', 'a\\|b'],
  ['HTML', '<b>&amp;', '&lt;b&gt;&amp;amp;'],
  ['emoji words', ':tada:', ':&#8203;tada:'],
  ['headings', '# a', '\\# a'],
  ['lists', '1. a', '1\\. a'],
  ['lines', 'a\n\nb', 'a b'],
  ['versions stay readable', '0.1.0', '0.1.0'],
])('inline text: %s', (_, from, to) => expect(inline(from)).toBe(to))

test('code holds back-ticks', () => {
  expect(code('a`b')).toBe('``a`b``')
  expect(code('`a')).toBe('`` `a ``')
})
