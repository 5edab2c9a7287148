// `npm run accuracy [-- <folder of the data>]`: how well refusals are told from answers, beside the plain prefix matcher.

import { refusalOf } from '../../src/score/refusal.ts'
import { agreement, type Counting, type Detector } from './agreement.ts'
import { absentFiles, defaultData, type Labelled, labelledReplies } from './labelled.ts'
import { prefixMatcher } from './prefix-matcher.ts'

const data = process.argv[2] ?? defaultData
const absent = absentFiles(data)
if (absent.length === 0) process.stdout.write(table(labelledReplies(data)))
else {
  process.stderr.write(`The labelled data is absent: ${data} has no ${absent.join(', ')}.\n`)
  process.exitCode = 65
}

function table(replies: readonly Labelled[]): string {
  const names = [...new Set(replies.map(({ dataset, model }) => `${dataset}\t${model}`))]
  const head = 'dataset   model               kind  n     precision      recall         F1'
  const lines = names.flatMap((name) => {
    const own = replies.filter(({ dataset, model }) => `${dataset}\t${model}` === name)
    const countings: readonly Counting[] = own.some(({ kind }) => kind === 'partial') ? ['full', 'any'] : ['full']
    return countings.map((counting) => line(name, own, counting))
  })
  const note = 'Each number: ours, the prefix matcher. full: partial refusals left out; any: partial ones counted.'
  return `${[head, ...lines, '', note].join('\n')}\n`
}

function line(name: string, replies: readonly Labelled[], counting: Counting): string {
  const [dataset = '', model = ''] = name.split('\t')
  const detectors: readonly Detector[] = [(text) => refusalOf(text).kind, prefixMatcher]
  const found = detectors.map((detect) => agreement(replies, counting, detect))
  const numbers = (['precision', 'recall', 'f1'] as const).map((of) =>
    found.map((each) => each[of].toFixed(3)).join('  '),
  )
  const size = String(found[0]?.size ?? 0).padEnd(6)
  return [dataset.padEnd(10), model.padEnd(20), counting.padEnd(6), size, numbers.join('   ')].join('')
}
