// Personal data: what is found however it is written, what only looks like it, and that the cheap tests lose nothing.

import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { findPhoneNumbersInText } from 'libphonenumber-js/min'
import { describe, expect, test } from 'vitest'
import { detectors } from '../../src/ingest/personal/detectors.ts'
import { whyUnreadable } from '../../src/ingest/personal/pattern.ts'
import { personalData } from '../../src/ingest/personal/personal-data.ts'
import { redactions } from '../../src/ingest/redact.ts'

const all = personalData({ salt: 'salt', without: [], patterns: [] })

function replaced(text: string, search = all) {
  const kinds: string[] = []
  const clean = search.replaced(text, (kind) => kinds.push(kind))
  return { clean, kinds }
}

/** What is planted, and what must be left of it. `#` stands for the placeholder. */
const planted: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  email: [
    ['ann.lee@example.com', '#'],
    ['x+tag@sub.example.co.uk', '#'],
    ['<ann@example.org>', '<#>'],
    ['mailto:ann@example.org.', 'mailto:#.'],
    ['ann_b@müller.de', '#'],
    ["o'neil@example.ie", '#'],
    ["'ann@example.com'", "'#'"],
    ['**ann@example.com**', '**#**'],
    ['?email=ann%40example.com&x=1', '?email=#&x=1'],
    [String.raw`ann\u0040example.com`, '#'],
    [String.raw`\nann@example.com\n`, String.raw`\n#\n`],
  ],
  phone: [
    ['+1 415 555 2671', '#'],
    ['+14155552671', '#'],
    ['(415) 555-2671', '#'],
    ['(415)555-2671', '#'],
    ['415-555-2671', '#'],
    ['415.555.2671', '#'],
    ['1-800-356-9377', '#'],
    ['+44 20 7946 0958', '#'],
    ['+49 (0)30 901820', '#'],
    ['0044 20 7946 0958', '#'],
    ['0049 (30) 901820', '#'],
    ['+33 1 42 68 53 00', '#'],
    ['+91 98765 43210', '#'],
    ['+43 1 12345', '#'],
    ['tel:+1-415-555-2671', 'tel:#'],
    ['Tel. 030 901820', 'Tel. #'],
    ['My phone number is 0171 2345678', 'My phone number is #'],
    ['"phone": "4155552671"', '"phone": "#"'],
    [String.raw`\n+14155552671`, String.raw`\n#`],
  ],
  card: [
    ['4111111111111111', '#'],
    ['4111 1111 1111 1111', '#'],
    ['4111-1111-1111-1111,', '#,'],
    ['378282246310005', '#'],
    ['3782 822463 10005', '#'],
    ['5555555555554444', '#'],
    ['6011111111111117', '#'],
    ['2223003122003222', '#'],
    [String.raw`\n4111111111111111`, String.raw`\n#`],
  ],
  iban: [
    ['DE89370400440532013000', '#'],
    ['GB82 WEST 1234 5698 7654 32', '#'],
    ['NL91 ABNA 0417 1643 00 AND MORE', '# AND MORE'],
    [String.raw`\nDE89370400440532013000`, String.raw`\n#`],
  ],
  ip: [
    ['203.0.113.7', '#'],
    ['203.0.113.7:8080', '#:8080'],
    ['http://203.0.113.7/x', 'http://#/x'],
    ['203.0.113.7/24', '#/24'],
    ['2001:db8::1', '#'],
    ['2001:0db8:85a3:0000:0000:8a2e:0370:7334', '#'],
    ['[2001:db8::1]:443', '[#]:443'],
  ],
  ssn: [
    ['078-05-1120', '#'],
    ['219-09-9999.', '#.'],
    ['SSN: 078051120', 'SSN: #'],
    ['social security number is 078 05 1120', 'social security number is #'],
  ],
}

/** Nobody's: versions, times, ids, code, numbers. */
const plain = [
  ['07/25/2023', '2023-07-25 10:11:12', '12:30:45', '1700000000', '1700000000000', '1700000000000000000'],
  ['2024-01-01T10:00:00.000Z', '2024-01-01T10:00:00+05:30', '20240101123000', '20231225T101112', 'mobile 2024-01-02'],
  ['550e8400-e29b-41d4-a716-446655440000', '0af7651916cd43dd8448eb211c80319c', 'call_abc123456789012'],
  ['chatcmpl-9876543210', 'resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b', 'order 1234-5678-9012'],
  ['user_id=123456789', '{"a":1234567890}', '1234567890123456', '1234567890123456789', '9007199254740993'],
  ['v1.2.3', '1.2.3.4', 'version 10.20.30.40', 'v1.20.30.40', 'Chrome/120.0.0.0', 'node 24.21.0', '1.10.100.1000'],
  ['127.0.0.1', '192.168.1.1', '10.0.0.1', '255.255.255.0', '::1', 'a::b', 'std::vector', '2023:10:11:12'],
  ['@decorator', '@app.route("/x")', 'git@github.com:a/b.git', 'pkg@1.2.3', 'react@18.2.0', '@angular/core@17.0.1'],
  ['icon@2x.png', 'f"{name}@example.com"', 'user@host', 'claude-sonnet@20240620', 'postgres://u:p@localhost/x'],
  ['0.1234567890', '3.3333333333333335', '1,234,567,890', '$+1,234,567.89', 'EUR 1234567.89', '10 000 000 000'],
  ['lat 40.712776, -74.005974', '27.220129-08', '6.719150782,0', 'a + 12345678901', 'i += 1000000', '+1000000'],
  ['@@ -123,45 +678,90 @@', '0x7fff5fbff8c8', '00:1A:2B:3C:4D:5E', '1 2 3 4 5 6 7 8 9 10', '555-1234'],
  ['17325-83-4123', '000-12-3456', '666-12-3456', '4444444444444444', '4111111111111112', 'GB12 apples and pears'],
  [
    'isbn 978-3-16-148410-0',
    'DE89370400440532013001',
    'x86_64',
    '(123) 456-7890',
    '100-200-3000',
    '0001 2345 6789',
    '0044-2079-4609',
    '0012 3456 7890',
    '90210-1234',
  ],
].flat()

const settings = ['', 'see ', '"', 'a, ', '(', '日本語'].flatMap((before) =>
  ['', ' now', '"', ', b', ')', '。'].map((after) => [before, after] as const),
)

test('every detector has its examples', () => {
  expect(new Set(Object.keys(planted))).toEqual(new Set(detectors.map(({ kind }) => kind)))
})

for (const [kind, examples] of Object.entries(planted)) {
  test.each(examples)(`${kind}: %s`, (text, left) => {
    for (const around of [
      ['', ''],
      ['see ', ' now'],
      ['"', '"'],
      ['(', ')'],
      ['これは', 'です'],
    ] as const) {
      const { clean, kinds } = replaced(around.join(text))
      expect(clean.replace(/\[[a-z]+-[0-9a-f]{6}\]/, '#')).toBe(around.join(left))
      expect(kinds).toEqual([kind])
    }
  })
}

test.each(plain)('%s stays', (text) => {
  for (const around of settings) expect(replaced(around.join(text)).clean).toBe(around.join(text))
})

describe('a placeholder', () => {
  test.each([
    ['ann@example.com', 'Ann@Example.com', 'ann%40example.com'],
    ['+1 415 555 2671', '(415) 555-2671', 'phone: 4155552671', '001 415 555 2671'],
    ['4111111111111111', '4111 1111 1111 1111'],
    ['DE89370400440532013000', 'DE89 3704 0044 0532 0130 00'],
    ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1'],
  ])('is one for %s however written', (...spellings) => {
    const marks = spellings.map((text) => /\[.*\]/.exec(replaced(text).clean)?.[0])
    expect(new Set(marks).size).toBe(1)
    expect(marks[0]).toMatch(/^\[[a-z]+-[0-9a-f]{6}\]$/)
  })
  test('differs from person to person, and from store to store', () => {
    const other = personalData({ salt: 'other', without: [], patterns: [] })
    const marks = [all, other].flatMap((search) =>
      ['ann@example.com', 'bob@example.com'].map((text) => replaced(text, search).clean),
    )
    expect(new Set(marks).size).toBe(4)
  })
  test('is no personal data itself', () => {
    const anything = fc.constantFrom(...Object.values(planted).flatMap((each) => each.map(([text]) => text)))
    fc.assert(
      fc.property(fc.array(anything), fc.constantFrom(' ', ', ', '\n', '"'), (texts, between) => {
        const once = replaced(texts.join(between)).clean
        expect(replaced(once).clean).toBe(once)
      }),
    )
  })
})

/** Texts in which numbers and signs stand close together. */
const crowded = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Object.values(planted).flatMap((each) => each.map(([text]) => text)), ...plain),
      fc.constantFrom(' ', '\n', '+', '-', '(', ')', '.', '@', ':', '/', 'x', '１', '＋', '+49 30 ', 'ext. 5', '"'),
      fc.stringMatching(/^[0-9 ().+-]{1,20}$/),
      fc.string(),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

describe('the cheap tests', () => {
  test('let no text pass in which a detector would find something', () => {
    fc.assert(
      fc.property(crowded, (text) => {
        const missed = detectors.filter(({ needs, find }) => find(text).length > 0 && !needs.test(text))
        expect(missed.map(({ kind }) => kind)).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })
  test('and no window that hides a number from the library', () => {
    const phone = detectors.find(({ kind }) => kind === 'phone')
    fc.assert(
      fc.property(crowded, (text) => {
        const own = phone?.find(text) ?? []
        for (const { startsAt, endsAt } of findPhoneNumbersInText(text)) {
          const number = text.slice(startsAt, endsAt)
          // A sum in code, which is left alone on purpose: the library also takes signs before its plus for the number's.
          if (/^[^\d+＋]*[+＋]\s/.test(number)) continue
          expect(
            own.some(({ start, end }) => start < endsAt && end > startsAt),
            `${number} in ${text}`,
          ).toBe(true)
        }
      }),
      { numRuns: 3000 },
    )
  })
})

test.each(['@', 'a@a.', 'a@b.c.d.e.f.', '+1', '+1 234 567 ', '1', '4111 ', '2001:db8:', '12.', '1-2.3(4)', '(415) '])(
  'a hostile text of %j takes no more than its length',
  (piece) => {
    const textOf = (chars: number) => piece.repeat(chars / piece.length)
    // The time that this process computed: on a busy machine the clock on the wall counts others' work too.
    const msFor = (chars: number) => {
      const from = process.cpuUsage()
      replaced(textOf(chars))
      return process.cpuUsage(from).user / 1000
    }
    msFor(20_000)
    // Ten times the text: a hundred times the time, were it quadratic.
    expect(msFor(200_000)).toBeLessThan(40 * Math.max(10, msFor(20_000)))
  },
)

describe('in JSON', () => {
  const start = redactions({ salt: 'salt', without: [], patterns: [] })
  test('a number that is a card becomes a text; other numbers stay', () => {
    const redaction = start()
    expect(redaction.json({ card: 4111111111111111, at: 1700000000000, phone: 4155552671 })).toEqual({
      card: expect.stringMatching(/^\[card-[0-9a-f]{6}\]$/),
      at: 1700000000000,
      phone: 4155552671,
    })
    expect(redaction.taken()).toEqual({ keys: 0, personal: { card: 1 } })
  })
  test("a tool's arguments stay JSON", () => {
    const redaction = start()
    const text = redaction.text('{ "card": 4111111111111111, "to": "ann@example.com" }')
    expect(JSON.parse(text)).toEqual({ card: expect.stringMatching(/^\[card/), to: expect.stringMatching(/^\[email/) })
    expect(redaction.taken().personal).toEqual({ card: 1, email: 1 })
  })
  test('a field name stays unless it holds some', () => {
    expect(start().json({ email: 1, 'ann@example.com': 2 })).toEqual({
      email: 1,
      [replaced('ann@example.com').clean]: 2,
    })
  })
  test('JSON without any is the same object', () => {
    const json = { a: [...plain], b: { c: 1.5 } }
    expect(start().json(json)).toBe(json)
  })
})

describe('settings', () => {
  test('a kind that is switched off stays', () => {
    const search = personalData({ salt: 'salt', without: ['email'], patterns: [] })
    expect(replaced('ann@example.com 078-05-1120', search).clean).toMatch(/^ann@example\.com \[ssn-[0-9a-f]{6}\]$/)
  })
  test('a pattern of your own has the first say', () => {
    const search = personalData({
      salt: 'salt',
      without: [],
      patterns: [{ name: 'staff', regex: String.raw`S-\d{6}` }],
    })
    expect(replaced('S-123456 and ann@example.com', search).kinds).toEqual(['staff', 'email'])
  })
  test('a pattern that would run for ever elsewhere ends', () => {
    const search = personalData({ salt: 'salt', without: [], patterns: [{ name: 'bad', regex: '(a+)+$' }] })
    expect(replaced(`${'a'.repeat(50_000)}!`, search).kinds).toEqual([])
  })
  test.each([
    ['(', 'missing'],
    ['(?=a)', 'RE2'],
    ['a*', 'empty'],
  ])('%s is refused', (regex, word) => {
    expect(whyUnreadable(regex)).toContain(word)
  })
})

test('of the recorded logs of others nothing is mangled, and the one address in them is found', () => {
  const folder = new URL('specimens/langfuse/', import.meta.url)
  const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))
  const found = texts.flatMap((text) => detectors.flatMap(({ find }) => find(text).map(({ value }) => value)))
  expect(new Set(found)).toEqual(new Set(['user@langfuse.com']))
})
