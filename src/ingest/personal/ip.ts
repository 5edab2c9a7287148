// Addresses of the internet. Those of nobody's line stay: this machine, private networks, masks, and what reads like a version.

import type { Detector, Span } from './detector.ts'
import { isWordAt, opens, wordy } from './edges.ts'

const octet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`
const v4 = new RegExp(
  String.raw`${opens}(?<![._-]|[${wordy})]\/|\b(?:version|oid|section|v|build)[ :=]{1,2})${octet}(?:\.${octet}){3}(?![${wordy}_-]|\.\d)`,
  'giu',
)
/** 2000::/3, which is what is given out; others (`std::abs`, `::1`, `fe80::`) name no line. */
const v6 = new RegExp(
  String.raw`${opens}(?<![:.])[23][0-9a-f]{3}:[0-9a-f:]{3,34}(?:\.\d{1,3}\.\d{1,3}\.\d{1,3})?`,
  'giu',
)
const reserved = /^(?:0|10|127|22[4-9]|2[345]\d|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./
const sections = /^\d\.\d\.\d\.\d$/

export const ip = {
  kind: 'ip',
  plural: 'IP addresses',
  needs: /\d\.\d{1,3}\.\d{1,3}\.\d|[23][0-9a-fA-F]{3}:[0-9a-fA-F:]{3}/,
  find: (text) => [
    ...[...text.matchAll(v4)]
      .filter(({ 0: found }) => !reserved.test(found) && !sections.test(found))
      .map(({ 0: value, index }) => ({ start: index, end: index + value.length, value })),
    ...[...text.matchAll(v6)].flatMap(({ 0: found, index }) => sixth(found, index, text)),
  ],
} satisfies Detector

function sixth(found: string, start: number, text: string): readonly Span[] {
  const value = found.replace(/(?<!:):$/, '')
  const end = start + value.length
  const isWhole = !isWordAt(text, end)
  // The platform's own reading, which also writes it in one way.
  const url = isWhole && /:[0-9a-f]/i.test(value) ? URL.parse(`http://[${value}]/`) : null
  return url === null ? [] : [{ start, end, value: url.hostname }]
}
