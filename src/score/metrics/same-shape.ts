// How alike two answers are made, 0..1: headings, lists, tables and code; of JSON, its paths and types.

import { isDocument } from '../../diff/json-text.ts'
import { jsonOf } from '../facts.ts'
import { absent, type PairMetric, value } from '../metric.ts'
import { oncePerReply, replyOf } from '../reply.ts'
import { shapeOfJson, shapeOfText, shapeSimilarity } from '../text-shape.ts'

const shapeOf = oncePerReply((reply) => {
  const json = jsonOf(reply)
  return json !== undefined && isDocument(json) ? shapeOfJson(json) : shapeOfText(reply.text)
})

export const sameShape = {
  on: 'pair',
  name: 'same-shape',
  title: 'Same shape',
  version: 1,
  unit: 'share',
  better: 'higher',
  summaries: [{ name: 'same-shape', title: 'Same shape', method: { kind: 'excess-mean' }, minPairs: 50 }],
  measure: (left, right) => {
    const [a, b] = [replyOf(left), replyOf(right)]
    return a === null || b === null ? absent('no-reply') : value(shapeSimilarity(shapeOf(a), shapeOf(b)))
  },
} as const satisfies PairMetric
