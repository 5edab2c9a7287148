// Three updates of 2023 as they were recorded: what a model answered in March, and its successor to the same prompts in June.

import { fileURLToPath } from 'node:url'
import type { Arm, Price } from '../../src/core/types.ts'
import type { Answer, AnswerBook, Task } from '../../src/demo/answers.ts'
import { demoDatasetDir, loadAnswerBook } from '../../src/demo/dataset.ts'

export interface Update {
  readonly books: Readonly<Record<Arm, AnswerBook>>
  readonly task: Task
  /** Dollars for a million tokens in 2023. */
  readonly price: Price
}

const booksIn = (folder: string) => ({
  production: loadAnswerBook(folder, 'production'),
  candidate: loadAnswerBook(folder, 'candidate'),
})
const gpt4 = { books: booksIn(demoDatasetDir), price: { input: 30, output: 60 } }
const gpt35 = booksIn(fileURLToPath(new URL('specimens/happy-numbers', import.meta.url)))

export const updates = {
  /** gpt-4-0314 → gpt-4-0613. */
  prime: { ...gpt4, task: 'prime' },
  leetcode: { ...gpt4, task: 'leetcode' },
  sensitive: { ...gpt4, task: 'sensitive' },
  /** gpt-3.5-turbo-0301 → gpt-3.5-turbo-0613. */
  happyNumbers: { books: gpt35, task: 'happy-numbers', price: { input: 2, output: 2 } },
} as const satisfies Readonly<Record<string, Update>>

/** What production was asked, and answered. In these tasks no prompt occurs twice, nor does any conversation. */
export function answersOf({ books, task }: Update): Answer[] {
  return [...books.production.byPrompt.values()].filter((answer) => answer.task === task)
}

/** What an arm answered to a prompt. */
export function recordedOf({ books }: Update, arm: Arm, { prompt }: Answer): Answer {
  const answer = books[arm].byPrompt.get(prompt)
  if (answer === undefined) throw new Error(`${arm} was never asked: ${prompt}`)
  return answer
}
