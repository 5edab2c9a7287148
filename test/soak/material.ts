// What is asked and answered in the soak: the real prompts of the demo's data set, with GPT-4's answers of March and of June 2023.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { seededBy } from '../../src/core/random.ts'

interface Entry {
  readonly task: string
  readonly prompt: string
  readonly march: string
  readonly june: string
}

export interface Material {
  /** The call of this number, as its user wrote it. */
  readonly callOf: (ticket: number) => { readonly task: string; readonly prompt: string }
  /** What a model says to it; `asked` counts how often the same model was asked the same before. */
  readonly answerOf: (ticket: number, model: Model, asked: number) => string
}

/** `worse`: the update that fails the demo. `production` and `equal` give the same answers, each with noise of its own. */
export type Model = 'production' | 'equal' | 'worse'

/** How often an answer is another one than the recorded. The candidate is the steadier, so that no honest test rejects it. */
const noise: Readonly<Record<Model, number>> = { production: 0.04, equal: 0.02, worse: 0.02 }

export function loadMaterial(seed: number): Material {
  const march = linesOf('answers.production.jsonl.gz')
  const june = linesOf('answers.candidate.jsonl.gz')
  const known = new Map(june.map(({ prompt, text }) => [prompt, text]))
  const entries: Entry[] = march.map(({ task, prompt, text }) => ({
    task,
    prompt,
    march: text,
    june: known.get(prompt) ?? text,
  }))
  const byTask = Map.groupBy(entries, ({ task }) => task)
  const entryOf = (ticket: number): Entry => {
    const entry = entries[seededBy(seed, 'entry', String(ticket)).below(entries.length)]
    if (!entry) throw new Error('there is no material')
    return entry
  }
  return {
    callOf: (ticket) => {
      const { task, prompt } = entryOf(ticket)
      return { task, prompt: `${prompt}\n\n(case K${ticket})` }
    },
    answerOf: (ticket, model, asked) => {
      const entry = entryOf(ticket)
      const chance = seededBy(seed, 'answer', model, String(ticket), String(asked))
      const alike = byTask.get(entry.task) ?? []
      const said = chance.unit() < noise[model] ? (alike[chance.below(alike.length)] ?? entry) : entry
      return model === 'worse' ? said.june : said.march
    },
  }
}

interface Line {
  readonly task: string
  readonly prompt: string
  readonly text: string
}

function linesOf(name: string): Line[] {
  const file = new URL(`../../datasets/demo/${name}`, import.meta.url)
  const text = gunzipSync(readFileSync(file)).toString('utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line))
}
