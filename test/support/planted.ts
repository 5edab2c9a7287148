// Credentials and personal data to plant, other values in each place, so that what comes out again says where it stood.

import { createHash } from 'node:crypto'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'

/** A value, and the piece of it that must come out nowhere. */
export interface Planted {
  readonly kind: string
  readonly place: string
  readonly text: string
  readonly mark: string
}

function digestOf(...words: readonly string[]): Buffer {
  return createHash('sha256').update(words.join(' ')).digest()
}

/** Letters and digits of which some are digits. */
function tailOf(kind: string, place: string, length: number): string {
  const letters = digestOf(kind, place).toString('base64').replaceAll(/[+/=]/g, '')
  return `7${letters}${letters}`.slice(0, length)
}

function digitsOf(kind: string, place: string, count: number): string {
  return [...digestOf(kind, place)]
    .map((byte) => byte % 10)
    .join('')
    .slice(0, count)
}

type Shape = (tail: (length: number) => string) => readonly [text: string, mark: string]

const bare =
  (prefix: string, length: number): Shape =>
  (tail) => [`${prefix}${tail(length)}`, tail(length)]
const carried =
  (before: string, after = ''): Shape =>
  (tail) => [`${before}${tail(32)}${after}`, tail(32)]

/** Each kind of credential that `src/core/secrets.ts` knows. Assembled, so that no scanner mistakes this file for a leak. */
const credentials: Readonly<Record<string, Shape>> = {
  openai: bare('sk-', 32),
  'openai-project': bare('sk-proj-', 40),
  anthropic: bare('sk-ant-api03-', 40),
  gateway: bare('sk-gateway-', 32),
  stripe: bare('sk_live_', 24),
  google: bare('AIza', 35),
  aws: (tail) => [`AKIA${tail(16).toUpperCase()}`, tail(16).toUpperCase()],
  github: bare('ghp_', 36),
  'github-fine': bare('github_pat_', 40),
  gitlab: bare('glpat-', 20),
  slack: bare('xoxb-', 24),
  'hugging-face': bare('hf_', 32),
  groq: bare('gsk_', 32),
  xai: bare('xai-', 32),
  nvidia: bare('nvapi-', 32),
  jwt: (tail) => [`eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.${tail(32)}`, tail(32)],
  pem: (tail) => [`-----BEGIN PRIVATE KEY-----\n${tail(40)}\n-----END PRIVATE KEY-----`, tail(40)],
  authorization: carried('Authorization: Basic '),
  bearer: carried('Bearer '),
  'api-key': carried('{"api_key": "', '"}'),
  'client-secret': carried('client_secret='),
  url: carried('https://api.example.com/v1?key=', '&alt=json'),
  signature: carried('https://files.example.com/a.pdf?sig='),
}

/** Each kind of personal data that `src/ingest/personal/` knows. */
const personal: Readonly<Record<string, (place: string) => readonly [text: string, mark: string]>> = {
  email: (place) => {
    const name = `planted${digitsOf('email', place, 10)}`
    return [`${name}@example.com`, name]
  },
  phone: (place) => {
    // All ten digits: seven stand by chance among the decimals of some thousand times.
    const number = `415555${digitsOf('phone', place, 4)}`
    return [`+1${number}`, number]
  },
  card: (place) => {
    const body = `4${digitsOf('card', place, 14)}`
    return [`${body}${luhnDigit(body)}`, body]
  },
  iban: (place) => {
    const account = digitsOf('iban', place, 18)
    return [`DE${ibanDigits(account)}${account}`, account]
  },
  ssn: (place) => {
    const serial = digitsOf('ssn', place, 4).replace('0000', '1234')
    return [`078-05-${serial}`, `078-05-${serial}`]
  },
  ip: (place) => {
    const [a = 0, b = 0, c = 0] = digestOf('ip', place)
    return [`81.${a}.${b}.${c}`, `81.${a}.${b}.${c}`]
  },
}

function luhnDigit(body: string): number {
  const sum = Array.from(body)
    .toReversed()
    .reduce((total, digit, place) => {
      const value = Number(digit) * (place % 2 === 0 ? 2 : 1)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
  return (10 - (sum % 10)) % 10
}

/** ISO 7064, with Germany's letters as numbers. */
function ibanDigits(account: string): string {
  return String(98n - (BigInt(`${account}131400`) % 97n)).padStart(2, '0')
}

export function credentialsAt(place: string): readonly Planted[] {
  return Object.entries(credentials).map(([kind, shape]) => {
    const [text, mark] = shape((length) => tailOf(kind, place, length))
    return { kind, place, text, mark }
  })
}

export function personalAt(place: string): readonly Planted[] {
  return Object.entries(personal).map(([kind, shape]) => {
    const [text, mark] = shape(place)
    return { kind, place, text, mark }
  })
}

export const textOf = (planted: readonly Planted[]) => planted.map(({ text }) => text).join(' , ')

/** The text as it stands in base64, wherever in the encoded bytes it begins. */
function encodedForms(mark: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(`${' '.repeat(shift)}${mark}`).toString('base64')
    // Characters that also hold bits of the neighbours differ with them.
    return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + mark.length) * 8) / 6))
  })
}

/** No form of a mark is shorter. */
const opening = 7

/** What of the planted is in the text, also in base64, as "place: kind". One walk, since texts are long and marks are many. */
export function leaksIn(text: string, planted: readonly Planted[]): string[] {
  const sought = new Map<string, { readonly form: string; readonly name: string }[]>()
  for (const { kind, place, mark } of planted) {
    for (const form of [mark, ...encodedForms(mark)]) {
      if (form.length < opening) throw new Error(`too short to be looked for: ${form}`)
      const start = form.slice(0, opening)
      sought.set(start, [...(sought.get(start) ?? []), { form, name: `${place}: ${kind}` }])
    }
  }
  const leaks = new Set<string>()
  for (let at = 0; at + opening <= text.length; at++) {
    for (const { form, name } of sought.get(text.slice(at, at + opening)) ?? []) {
      if (text.startsWith(form, at)) leaks.add(name)
    }
  }
  return [...leaks]
}

/** A page's text, and what is packed into it: gzip in base64 in elements that no browser shows. */
export function unpackedPage(html: string): string {
  const packed = html.matchAll(/<script[^>]*application\/octet-stream[^>]*>([^<]*)<\/script>/g)
  return [html, ...Array.from(packed, ([, base64 = '']) => plain(Buffer.from(base64, 'base64')))].join('\n')
}

/** What a compressed value holds; others as they are. */
export function plain(bytes: Uint8Array): string {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex')
  if (magic === '28b52ffd') return zstdDecompressSync(bytes).toString('utf8')
  return (magic.startsWith('1f8b') ? gunzipSync(bytes) : Buffer.from(bytes)).toString('utf8')
}
