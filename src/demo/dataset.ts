// Where the demo's data lies, and its reading.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { type AnswerBook, answerBook, parseAnswers } from './answers.ts'

/** The folder of the committed data: two levels up from `src/demo` as from `dist/demo`. */
export const demoDatasetDir = fileURLToPath(new URL('../../datasets/demo', import.meta.url))

/** The captured log that the demo replays: gzipped JSON lines. */
export const demoLogPath = join(demoDatasetDir, 'production-log.jsonl.gz')

/** Reads the answers of one arm's model; throws where the folder does not hold them. */
export function loadAnswerBook(dir: string, arm: 'production' | 'candidate'): AnswerBook {
  return answerBook(parseAnswers(gunzipSync(readFileSync(join(dir, `answers.${arm}.jsonl.gz`))).toString('utf8')))
}
