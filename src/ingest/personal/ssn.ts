// Social security numbers of the United States. They have no check digit, but numbers that are never given out.

import type { Detector } from './detector.ts'
import { opens, wordy } from './edges.ts'

const number = String.raw`(?!000|666|9\d\d)\d{3}([- ]?)(?!00)\d\d\1(?!0000)\d{4}(?![${wordy}_-]|[.,]\d)`
const dashed = new RegExp(String.raw`${opens}(?<![._/+-])${number.replace('([- ]?)', '(-)')}`, 'gu')
const told = new RegExp(
  String.raw`(?<=${opens}(?:ssn|social[ _-]?security(?:[ _-]?(?:number|no|nr))?)[\s"'\\.:=#]{1,8}(?:is )?)${number}`,
  'giu',
)

export const ssn = {
  kind: 'ssn',
  plural: 'US social security numbers',
  needs: /\d{3}[- ]?\d\d[- ]?\d{4}/,
  find: (text) =>
    [...text.matchAll(dashed), ...text.matchAll(told)].map(({ 0: found, index }) => ({
      start: index,
      end: index + found.length,
      value: found.replaceAll(/\D/g, ''),
    })),
} satisfies Detector
