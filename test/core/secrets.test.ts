// What looks like a credential is cut out; what merely resembles one stays.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretMark, withoutSecrets } from '../../src/core/secrets.ts'

// Assembled, so that no scanner mistakes this file for a leak.
const tail = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0'
const secrets: readonly (readonly [string, string])[] = [
  ['OpenAI, old', `sk-${tail}`],
  ['OpenAI, project', `sk-proj-${tail}_-${tail}`],
  ['OpenAI, service account', `sk-svcacct-${tail}`],
  ['OpenAI, masked in an error', 'sk-proj-********************************abcd'],
  ['Anthropic', `sk-ant-api03-${tail}-${tail}AA`],
  ['OpenRouter', `sk-or-v1-${'0123456789abcdef'.repeat(4)}`],
  ['a gateway of its own', `sk-gateway-team-${tail}`],
  ['Stripe', `sk_live_${tail}`],
  ['Google', `AIza${tail.slice(0, 35)}`],
  ['AWS access key', 'AKIAIOSFODNN7EXAMPLE'],
  ['AWS session key', 'ASIAIOSFODNN7EXAMPLE'],
  ['GitHub', `ghp_${tail}`],
  ['GitHub, fine-grained', `github_pat_${tail}`],
  ['GitLab', `glpat-${tail.slice(0, 20)}`],
  ['Slack bot', 'xoxb-1234567890-abcdefghij'],
  ['Slack user', 'xoxp-1234567890-abcdefghij'],
  ['Hugging Face', `hf_${tail}`],
  ['Groq', `gsk_${tail}`],
  ['xAI', `xai-${tail}`],
  ['JWT', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${tail}`],
  ['private key', `-----BEGIN RSA PRIVATE KEY-----\nMIIE\n${tail}\n-----END RSA PRIVATE KEY-----`],
  ['private key cut short', `-----BEGIN PRIVATE KEY-----\nMIIE\n${tail}`],
]

const carried: readonly (readonly [string, string, string])[] = [
  ['bearer', `Bearer ${tail}`, `Bearer ${secretMark}`],
  ['header', 'Authorization: Basic dXNlcjpwYXNz', `Authorization: Basic ${secretMark}`],
  ['query', `https://x.test/v1?api_key=${tail}&q=1`, `https://x.test/v1?api_key=${secretMark}&q=1`],
  ['Google query', `https://x.test/v1?key=${tail}`, `https://x.test/v1?key=${secretMark}`],
  ['environment file', `AZURE_API_KEY="${tail}"`, `AZURE_API_KEY="${secretMark}"`],
  ['JSON in a string', `{"client_secret": "${tail}"}`, `{"client_secret": "${secretMark}"}`],
  ['JSON in a string in JSON', `{\\"api_key\\": \\"${tail}\\"}`, `{\\"api_key\\": \\"${secretMark}\\"}`],
  [
    'a header in JSON in a string in JSON',
    `{\\\\"Authorization\\\\": \\\\"Token abcdefgh\\\\"}`,
    `{\\\\"Authorization\\\\": \\\\"Token ${secretMark}\\\\"}`,
  ],
]

const harmless: readonly (readonly [string, string])[] = [
  ['plain prose', 'The risk-averse task-force asked for a desk-lamp.'],
  ['a slug', 'sk-learn-is-a-popular-machine-learning-library'],
  ['a slug with a long word', 'sk-learn-internationalization'],
  ['a slug that ends in sk', 'task-0123456789abcdef0123'],
  ['a bearer of news', 'the bearer of bad news, a bearer responsibility'],
  ['code that reads a key', 'client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])'],
  ['a placeholder', 'api_key=YOUR_API_KEY_GOES_HERE'],
  ['a short token', 'max_tokens=100&token=abc'],
  ['base64 of an object', 'eyJhIjoxfQ'],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----'],
  ['words about keys', 'A secret token is an authorization: keep the API key private.'],
  ['base64 of prose', Buffer.from('The risk-averse task-force asked for a desk-lamp.').toString('base64')],
  ['base64 of a picture', Buffer.from(`\x89PNG\r\n\x1a\n sk-proj-${tail} in its pixels`, 'latin1').toString('base64')],
  ['a hash', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  ['empty', ''],
]

describe('withoutSecrets', () => {
  test.each(secrets)('%s goes, its surroundings stay', (_, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['use ', '\n'],
      ['{"k":"', '"}'],
      ['key=', ' now'],
      ['(', ').'],
    ] as const) {
      if (secret.startsWith('-----BEGIN PRIVATE') && after !== '') continue
      const { text, found } = withoutSecrets(`${before}${secret}${after}`)
      expect(text).not.toContain(secret.slice(-8))
      expect(text.startsWith(before)).toBe(true)
      expect(text).toContain(secretMark)
      expect(found).toBeGreaterThanOrEqual(1)
    }
  })

  test.each(carried)('%s keeps what carried it', (_, text, expected) => {
    expect(withoutSecrets(text)).toEqual({ text: expected, found: 1 })
  })

  test.each(harmless)('%s is left alone', (_, text) => {
    expect(withoutSecrets(text)).toEqual({ text, found: 0 })
  })

  test.each(['base64', 'base64url'] as const)(
    'a file that holds one goes whole, in %s, also in another file',
    (encoding) => {
      const inBase64 = (text: string) => Buffer.from(text).toString(encoding)
      const file = inBase64(`# settings\nOPENAI_API_KEY=sk-proj-${tail}\n`)
      const expected = { text: `data:text/plain;base64,${secretMark} is it`, found: 1 }
      expect(withoutSecrets(`data:text/plain;base64,${file} is it`)).toEqual(expected)
      const mail = inBase64(`See the attached: ${file}`)
      expect(withoutSecrets(`data:text/plain;base64,${mail} is it`)).toEqual(expected)
    },
  )

  test('two in one text are two', () => {
    expect(withoutSecrets(`ghp_${tail} and AKIAIOSFODNN7EXAMPLE`)).toEqual({
      text: `${secretMark} and ${secretMark}`,
      found: 2,
    })
  })

  test('where in a text one stands, and behind what, makes no difference', () => {
    const all = [...secrets.map(([, secret]) => secret), ...carried.map(([, text]) => text)]
    const around = fc.stringMatching(/^(?:[a-z]{1,14}[ .,\n]{1,2}|\d{1,12} |- ){0,12}$/)
    fc.assert(
      fc.property(fc.constantFrom(...all), around, around, (secret, start, end) => {
        expect(withoutSecrets(`${start} ${secret} ${end}`).found).toBeGreaterThanOrEqual(1)
      }),
      { numRuns: 2000 },
    )
  })

  test('cleaning twice changes nothing', () => {
    const parts = [...secrets.map(([, secret]) => secret), ...carried.map(([, text]) => text), ' ', '=', ': ', '"', 'x']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 6 }), (chosen) => {
        const once = withoutSecrets(chosen.join(' '))
        expect(withoutSecrets(once.text)).toEqual({ text: once.text, found: 0 })
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    ['eyJ', 'eyJ'],
    ['sk-', 'sk-'],
    ['bearer ', 'bearer '],
    ['a long run after sk-', `sk-${'a'.repeat(1000)}`],
    ['api_key', 'api_key'],
    ['backslashes behind api_key', `api_key${'\\\\'.repeat(1000)}`],
    ['base64 of a text', Buffer.from('a text, as it stands in a file').toString('base64')],
    ['a private key', '-----BEGIN PRIVATE KEY'],
  ])('a megabyte of %s is read in one pass', (_, piece) => {
    // A pattern that rescans from each character would run into the test's time limit here.
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
    expect(withoutSecrets(text).found).toBeGreaterThanOrEqual(0)
  })
})
