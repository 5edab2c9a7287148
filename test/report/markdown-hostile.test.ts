// comment.md under attack: whatever stands in a field, a real CommonMark and GFM parser finds nothing in it but our own structure.

import * as fc from 'fast-check'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { describe, expect, test } from 'vitest'
import type { ReportInput } from '../../src/report/input.ts'
import { code, inline, inlineHtml } from '../../src/report/markdown/escape.ts'
import { markdown, marker, maxBytes } from '../../src/report/markdown.ts'
import { reportInput } from './fixture.ts'

// biome-ignore format: a list of attacks is read as a list
const attacks = [
  '```', '````text', '~~~', '`', '``', '</details>', '</summary>', '<details open>', '<!-- -->', '<!--', '-->', '<sub>',
  '<script>alert(1)</script>', '<img src=x onerror=a>', '<b', '<?php', '<![CDATA[', '<svg/onload=a>', '&lt;b&gt;', '&#64;everyone',
  '&commat;org', '@org/team', '@everyone', '(@ann)', '#123', 'o/r#123', 'o/r@abc1234', 'GH-1', 'gh-1', 'user@host.example', 'a.b+c@host.example',
  'https://evil.example/a?b=c', 'http://evil.example', 'ftp://evil.example', 'www.evil.example', '___www.evil.example', '_GH-1', 'HTTPS://EVIL.EXAMPLE', '<https://evil.example>',
  '<a@b.example>', 'mailto:a@b.example', 'xmpp:a@b.example', '[a](javascript:alert(1))', '![a](https://evil.example/a.png)', '[a]: https://evil.example', '[a]',
  '[^1]', '[^1]: note', '[ ] task', '[x]', ':tada:', ':+1:', '===', '---', '***', '___', '# head', '## head', '> quote', '- item', '+ item', '* item',
  '1. item', '2) item', '| a | b |', '|---|', '|', '\\', '\\|', '\\\\|', '\\`', '\\<b>', '*a*', '**', '_a_', '~~a~~', '$a$', '$$', '!', '    indented', '\ta',
  '\u0000', '\u2028', '\u2029', '\ud83d', '\ude00', '\u202e', '\u200b', '\ufeff', '👩‍👩‍👧', 'é', 'word', '0',
]
const glue = ['', ' ', '\n', '\n\n', '\r', '\r\n', '\n    ', '\t', '\u2028', '  \n']

const hostileText = fc
  .array(fc.tuple(fc.constantFrom(...attacks), fc.constantFrom(...glue)), { maxLength: 12 })
  .map((parts) => parts.flat().join(''))
/** What a log, a model, a server or a user's config may have written; the other texts are ours. */
// biome-ignore format: a list of names is read as a list
const foreign = new Set([
  'because', 'next', 'flags', 'invalid', 'notes', 'model', 'value', 'key', 'prompt', 'text', 'reasons', 'file', 'recordId', 'tools',
  'servedModels', 'words', 'note', 'id',
])

/** The fixture with a text of `next` in each field that is foreign. Each place is asked once, in order. */
function attacked(next: () => string): ReportInput {
  const swap = (value: unknown, isForeign: boolean): unknown => {
    if (typeof value === 'string') return isForeign ? next() : value
    if (Array.isArray(value)) return value.map((each) => swap(each, isForeign))
    if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, swap(each, foreign.has(key))]))
  }
  const input = swap(reportInput(), false) as ReportInput
  const examples = input.examples.map((example) => ({
    ...example,
    row: { ...example.row, segments: { [next()]: next() } },
    detail: { ...example.detail, production: { ...example.detail.production, outcome: next() } },
  }))
  return { ...input, examples, counts: { ...input.counts, excluded: { [next()]: 3 } } }
}

const ours =
  /<\/?(?:details|summary|sub|h2|h3|p|ul|li|strong|em|code|pre|table|thead|tbody|tr|th|td)(?: class="language-text")?>/g

/** What is wrong with a comment, as the parser sees it. */
function faultsOf(comment: string): readonly string[] {
  const html = micromark(comment, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })
  const faults: string[] = []
  const rest = html.replace(marker, '').replaceAll(ours, '')
  const tag = /.{0,40}[<>].{0,60}/.exec(rest)
  if (tag) faults.push(`foreign HTML: ${tag[0]}`)
  // What stands in code is not looked through for links and names.
  const bare = html
    .replace(marker, '')
    .replaceAll(/<(pre|code)\b[^]*?<\/\1>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
  const live = /(?<!\w)@\w|(?<!&)#\d|\bGH-\d|[a-z]:\/\/|\bwww\.|\w@\w|:[a-z0-9_+-]+:/i.exec(bare)
  if (live) faults.push(`comes alive: ${bare.slice(Math.max(0, live.index - 40), live.index + 40)}`)
  const count = (part: string) => html.split(part).length - 1
  for (const name of ['details', 'summary', 'pre', 'sub', 'table']) {
    if (count(`<${name}>`) !== count(`</${name}>`))
      faults.push(`${name}: ${count(`<${name}>`)} opened, ${count(`</${name}>`)} closed`)
  }
  if (count('<h2>') !== 1) faults.push(`${count('<h2>')} titles`)
  if (count('<pre>') !== 3 * count('<details>'))
    faults.push(`${count('<pre>')} blocks in ${count('<details>')} examples`)
  if (!comment.startsWith(`${marker}\n\n`)) faults.push('the marker is not the first line')
  if (comment.split('\n').filter((line) => line === marker).length !== 1) faults.push('another line is a marker')
  if (Buffer.byteLength(comment) > maxBytes) faults.push(`${Buffer.byteLength(comment)} bytes`)
  if (!comment.isWellFormed()) faults.push('a lone surrogate')
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  const control = /[\u0000-\u0008\u000b-\u001f\u2028\u2029\u202a-\u202e]/.exec(comment)
  if (control) faults.push(`U+${control[0].charCodeAt(0).toString(16)}`)
  return faults
}

test('the parser sees what it must', () => {
  expect(faultsOf(markdown.render(reportInput()))).toEqual([])
  const spoiled = `${marker}\n\n## a\n\n<details><summary>a</summary>\n\n@org www.a.example <b> ![a](b)`
  expect(faultsOf(spoiled).join()).toMatch(/foreign HTML.*comes alive.*details: 1 opened, 0 closed.*0 blocks in 1/s)
})

test.each(attacks)('every field at once is %j', (attack) => {
  for (const whole of [attack, `${attack} ${attack}\n${attack}`]) {
    expect(faultsOf(markdown.render(attacked(() => whole)))).toEqual([])
  }
})

test('fields hold any mixture of attacks', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.array(hostileText, { minLength: 1, maxLength: 20 }), (texts) => {
      let place = 0
      const input = attacked(() => texts[place++ % texts.length] ?? '')
      expect(faultsOf(markdown.render(input))).toEqual([])
    }),
    { numRuns: 40, endOnFailure: true },
  )
})

test.each(['`', '@everyone ', '</details>\n\n', '\t'])('a field holds a megabyte of %j', (attack) => {
  const long = `${attack.repeat(1_000_000 / attack.length)}x`
  let place = 0
  expect(faultsOf(markdown.render(attacked(() => (place++ % 10 === 0 ? long : 'word'))))).toEqual([])
})

describe('a text', () => {
  const rendered = (source: string) =>
    micromark(source, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })
  const tags = (html: string) => [...html.matchAll(/<\/?(\w+)/g)].map(([, name]) => name)

  test('in a sentence stays one paragraph of text', () => {
    fc.assert(
      fc.property(hostileText, (source) => {
        expect(tags(rendered(`a ${inline(source)}`))).toEqual(['p', 'p'])
      }),
    )
  })

  test('at the start of a line begins nothing', () => {
    fc.assert(
      fc.property(hostileText, (source) => {
        expect(new Set(tags(rendered(inline(source))))).toEqual(new Set(inline(source).trim() === '' ? [] : ['p']))
      }),
    )
  })

  test.each(['_www.evil.example', '___www.evil.example', '(WWW.evil.example', 'a_www.evil.example'])(
    '%j makes no link',
    (source) => expect(tags(rendered(inline(source)))).toEqual(['p', 'p']),
  )

  test('in a cell stays in the cell', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, two) => {
        const html = rendered(`| a | b |\n|---|---|\n| ${inline(one)} | ${code(two)} |\n`)
        expect(tags(html).filter((name) => name === 'td')).toHaveLength(4)
      }),
    )
  })

  test('inside HTML stays text, and shows no escapes', () => {
    fc.assert(
      fc.property(hostileText, (source) => {
        const html = rendered(`<details><summary>${inlineHtml(source)}</summary>\n\nx\n\n</details>`)
        expect(tags(html)).toEqual(['details', 'summary', 'summary', 'p', 'p', 'details'])
      }),
    )
    expect(inlineHtml('json_kept *a* [b]')).toBe('json_kept *a* [b]')
  })

  test('as code is one piece of code', () => {
    fc.assert(
      fc.property(hostileText, (source) => {
        expect(tags(rendered(`a ${code(source)} b`))).toEqual(['p', 'code', 'code', 'p'])
      }),
    )
  })
})
