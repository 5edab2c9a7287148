// What changed, in words: what is beyond noise in lines, what is not in a sentence, both directions apart.

import { describe, expect, it } from 'vitest'
import type { ChangeCluster } from '../../src/core/changes.ts'
import { markdown } from '../../src/report/markdown.ts'
import { changeLines, changeSentence, changesModel } from '../../src/report/model/changes.ts'
import { reportInput } from './fixture.ts'
import { changes } from './fixture-changes.ts'

const all = changes()
const [first] = all.clusters as [ChangeCluster]
const shown = ['b81d04c2e95f4a7788990011-2', '3f0c9a1e77d24b60a1c2d3e4']
const model = changesModel(all, shown)
const plain = (text: string | undefined) => text?.replaceAll('\u00a0', ' ')
const sentenceOf = (parts: Partial<ChangeCluster>) =>
  plain(
    changeLines({ clusters: [{ ...first, ...parts }], directions: [], opinions: null, judge: null }).map(
      changeSentence,
    )[0],
  )

describe('a line', () => {
  it('says where, what, by how much, in how many, and beside what', () => {
    expect(sentenceOf({})).toBe(
      'task=prime · answers collapsed: 638 → 4 characters in 998 of 1,000 pairs (production against itself: 2 of 298)',
    )
  })
  it.each<[string, Partial<ChangeCluster>, string]>([
    ['without a segment', { segment: null }, 'answers collapsed: 638'],
    ['slower', { latencyRatio: 2.46 }, '4 characters, 2.5× the latency in 998'],
    ['hardly shorter', { lengths: { unit: 'tokens', before: 100, after: 90 } }, 'answers collapsed in 998'],
    ['of one token', { lengths: { unit: 'tokens', before: 9, after: 1 } }, '9 → 1 token in 998'],
    ['of nothing before', { lengths: { unit: 'tokens', before: 0, after: 9 } }, 'answers collapsed in 998'],
    ['without a noise floor', { noise: null, mirror: null }, '(production against itself: not known)'],
    [
      'both ways',
      { mirror: { words: 'answers grew', pairs: 3 } },
      '(answers grew: 3; production against itself: 2 of 298)',
    ],
    ['of one pair', { pairs: 1, of: 1 }, 'in 1 of 1 pair ('],
  ])('%s', (_, parts, words) => expect(sentenceOf(parts)).toContain(words))
})

describe('the model', () => {
  it('has lines for what is beyond noise alone, and names pairs by their place in the report', () => {
    expect(model.lines.map(({ id }) => id)).toEqual(all.clusters.slice(0, 4).map(({ id }) => id))
    expect(model.lines.map(({ example }) => example?.name ?? null)).toEqual(['pair 2', null, null, 'pair 2'])
    expect(model.lines[0]?.example?.anchor).toBe('pair-3f0c9a1e77d24b60a1c2d3e4')
  })
  it('says what is noise in a sentence', () => {
    expect(model.quiet).toContain('reworded, 40 of 969 (itself: 13 of 394)')
    expect(model.none).toBeNull()
  })
  it('counts both directions apart', () => {
    expect(model.directions.map(({ pairsThere, pairsBack, noise }) => [pairsThere, pairsBack, plain(noise)])).toEqual([
      ['76', '9', '1 and 2 of 394 pairs'],
      ['1', '0', 'not known'],
    ])
  })
  it('holds a dozen lines and says that there are more', () => {
    const many = Array.from({ length: 15 }, (_, index) => ({ ...first, id: String(index) }))
    const { lines, more } = changesModel({ clusters: many, directions: [], opinions: null, judge: null }, shown)
    expect([lines.length, more]).toEqual([12, 'and 3 more in verdict.json'])
  })
  it('says so where nothing is beyond noise, and where nothing was measured', () => {
    expect(changesModel({ clusters: [], directions: [], opinions: null, judge: null }, []).none).toMatch(
      /^Nothing beyond/,
    )
    expect(changesModel(null, []).none).toMatch(/was not measured/)
  })
})

it('a comment has five lines at most, and none without changes', () => {
  const many = Array.from({ length: 7 }, (_, index) => ({ ...first, id: String(index) }))
  const text = markdown.render(
    reportInput({ changes: { clusters: many, directions: [], opinions: null, judge: null } }),
  )
  expect(text.split('\n').filter((line) => line.startsWith('- task=prime'))).toHaveLength(5)
  expect(text).toContain('2 further changes are in `report.html`.')
  expect(markdown.render(reportInput({ changes: null }))).not.toContain('What changed')
})
