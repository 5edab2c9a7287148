// The recorded answers of one model, and which of them may stand in for one another.

import { z } from 'zod'

export const tasks = ['prime', 'happy-numbers', 'leetcode', 'sensitive'] as const
export type Task = (typeof tasks)[number]

const answerLine = z.object({
  task: z.enum(tasks),
  prompt: z.string(),
  text: z.string(),
  outputTokens: z.int().positive(),
  promptTokens: z.int().positive(),
  /** As recorded, unscaled. */
  latencyMs: z.number().positive(),
  finishReason: z.enum(['stop', 'length']),
  /** Reference answer of a number task; `answered` or `refused` by human label for sensitive questions; else null. */
  label: z.string().nullable(),
})

/** One recorded answer of llmdrift: a line of `answers.*.jsonl.gz`. */
export type Answer = Readonly<z.infer<typeof answerLine>>

/** Longest refusal, in characters, that says nothing of its question and may stand in for another. */
const genericRefusalLength = 200

/** Answers by prompt, and each answer's place among those that it is compared with. */
export interface AnswerBook {
  readonly byPrompt: ReadonlyMap<string, Answer>
  /** Answers that may stand in for each other, shortest text first; none for an answer that stands alone. */
  readonly siblings: ReadonlyMap<Answer, readonly Answer[]>
  /** Answers of the same task, fewest tokens first. */
  readonly peers: ReadonlyMap<Answer, readonly Answer[]>
}

/** Reads the lines of an answers file; throws on a line that is none. */
export function parseAnswers(jsonLines: string): readonly Answer[] {
  const lines = jsonLines.split('\n').filter((line) => line !== '')
  return lines.map((line) => answerLine.parse(JSON.parse(line)))
}

/** Which answers are exchangeable with this one; null for none. */
function kinship({ task, label, text }: Answer): string | null {
  if (task === 'prime' || task === 'happy-numbers') return `${task} ${label}`
  const isGenericRefusal = task === 'sensitive' && label === 'refused' && text.length <= genericRefusalLength
  return isGenericRefusal ? 'generic refusal' : null
}

function groups(
  answers: readonly Answer[],
  keyOf: (answer: Answer) => string | null,
  size: (answer: Answer) => number,
) {
  const keyed = answers.flatMap((answer) => {
    const key = keyOf(answer)
    return key === null ? [] : [{ key, answer }]
  })
  const sorted = Map.groupBy(keyed, ({ key }) => key)
  const found = new Map<Answer, readonly Answer[]>()
  for (const members of sorted.values()) {
    // toSorted is stable: answers of one length keep the order of the data.
    const group = members.map(({ answer }) => answer).toSorted((a, b) => size(a) - size(b))
    for (const answer of group) found.set(answer, group)
  }
  return found
}

/** Orders the answers once. A prompt that occurs twice keeps its last answer, which in this data equals the first. */
export function answerBook(answers: readonly Answer[]): AnswerBook {
  return {
    byPrompt: new Map(answers.map((answer) => [answer.prompt, answer])),
    siblings: groups(answers, kinship, (answer) => answer.text.length),
    peers: groups(
      answers,
      ({ task }) => task,
      (answer) => answer.outputTokens,
    ),
  }
}
