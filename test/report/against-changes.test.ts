// A cluster of changes then and now: new, gone, more or less often, or nothing that chance would not do.

import { describe, expect, it } from 'vitest'
import type { ChangeCluster } from '../../src/core/changes.ts'
import type { Effect } from '../../src/core/judgement.ts'
import { seededBy } from '../../src/core/random.ts'
import { changesSince } from '../../src/report/against/changes.ts'
import { html } from '../../src/report/html.ts'
import { reportInput } from './fixture.ts'
import { evening, modelOf, now } from './fixture-against.ts'

describe('a cluster of changes', () => {
  const [first] = (now.changes?.clusters ?? []) as [ChangeCluster]
  const one = (parts: Partial<ChangeCluster> = {}): ChangeCluster => ({ ...first, ...parts })
  const run = (...clusters: ChangeCluster[]) => ({ clusters, directions: [], opinions: null, judge: null })
  const since = (clusters: ChangeCluster[], earlier: ChangeCluster[]) =>
    changesSince(reportInput({ changes: run(...clusters) }), evening({ changes: run(...earlier) }), 'apart')

  it.each<[string, ChangeCluster[], ChangeCluster[], string]>([
    ['as often as then', [one()], [one()], 'same'],
    ['not there then', [one()], [], 'new'],
    ['not there now', [], [one()], 'gone'],
    ['far more pairs', [one({ pairs: 900 })], [one({ pairs: 200 })], 'grown'],
    ['far fewer pairs', [one({ pairs: 200 })], [one({ pairs: 900 })], 'shrunk'],
    ['a few more, as chance has it', [one({ pairs: 215 })], [one({ pairs: 200 })], 'same'],
    ['three pairs where there was none', [one({ pairs: 3 })], [], 'same'],
    ['within noise then, and there', [one({ pairs: 400 })], [one({ pairs: 3, isBeyondNoise: false })], 'grown'],
  ])('%s', (_, clusters, earlier, told) => {
    expect(since(clusters, earlier)?.map((each) => each.told)).toEqual([told])
  })

  it('is not called new where others of its kind may have held some of its pairs', () => {
    const pooled = one({ id: 'pooled', segment: null, pairs: 4, of: 1969, isBeyondNoise: false })
    expect(since([one({ pairs: 900 })], [pooled])?.map(({ told }) => told)).toEqual(['grown'])
  })

  it('that neither run shows to be more than noise is left out', () => {
    expect(since([one({ isBeyondNoise: false })], [one({ isBeyondNoise: false })])).toEqual([])
  })

  it('is not new where its pairs may have been grouped with others of its kind then', () => {
    const pooled = one({ id: 'pooled', segment: null, pairs: 320, of: 1969 })
    const own = one({ pairs: 150, of: 334 })
    const [found] = since([own], [pooled]) ?? []
    expect(found).toMatchObject({ told: 'same', earlier: { pairs: 320, isThere: false, isWider: true } })
  })

  it('of all records is compared with all of its kind where a segment has its own in one run alone', () => {
    const pooled = (pairs: number, of: number) => one({ id: 'pooled', segment: null, pairs, of })
    // 300 of 1,969 then; now 200 of them in a segment of their own, and 100 of what is left.
    const found = since([pooled(100, 1635), one({ pairs: 200, of: 334 })], [pooled(300, 1969)]) ?? []
    expect(found.find(({ cluster }) => cluster.id === 'pooled')).toMatchObject({
      told: 'same',
      now: { pairs: 300, of: 1969 },
    })
  })

  it.each([
    ['one run was not measured', { changes: null }, {}],
    ['they group by other segments', {}, { policy: { ...now.policy, segments: ['tier'] } }],
  ])('can’t be compared where %s', (_, ours, theirs) => {
    const input = reportInput(ours)
    expect(changesSince(input, evening(theirs), 'apart')).toBeNull()
    expect(modelOf(evening(theirs), ours)?.since?.noChanges).toMatch(/not measured for changes|other segments/)
  })

  it('of few conversations says little, however many pairs they have', () => {
    const few = (effects: readonly Effect[]) =>
      effects.map((effect) => (effect.metric === 'answered' ? { ...effect, clusters: 8 } : effect))
    const input = reportInput({ changes: run(one({ pairs: 300 })), effects: few(now.effects) })
    const found = changesSince(
      input,
      evening({ changes: run(one({ pairs: 200 })), effects: few(now.effects) }),
      'apart',
    )
    expect(found?.map(({ told }) => told)).toEqual(['same'])
  })

  it('beyond the twentieth is left to verdict.json', () => {
    const many = run(...Array.from({ length: 23 }, (_, kind) => one({ id: `id-${kind}`, kind: `kind-${kind}` })))
    const text = html.render(reportInput({ changes: many, against: evening({ changes: many }) }))
    expect(text).toContain('and 3 more in verdict.json')
    expect(text.slice(text.indexOf('id="since"'), text.indexOf('id="changes"')).match(/cluster id-/g)).toHaveLength(20)
  })

  it('is said to have changed between two runs of one truth in 5 % of comparisons at most, though the loudest are shown', () => {
    const random = seededBy(20261123, 'clusters of one truth')
    const of = 400
    const shares = Array.from({ length: 15 }, (_, kind) => 0.005 + 0.015 * kind)
    const draw = () =>
      shares.map((share, kind) => {
        const pairs = Array.from({ length: of }, () => random.unit()).filter((each) => each < share).length
        // Only what lies above its own truth is shown: the worst choice that a run could make of its clusters.
        const isBeyondNoise = pairs > of * share
        return one({ id: `kind ${kind}`, kind: `kind ${kind}`, segment: null, pairs, of, isBeyondNoise })
      })
    const effects = now.effects.map((effect) => ({ ...effect, clusters: effect.pairs }))
    const runs = 400
    let errors = 0
    for (let comparison = 0; comparison < runs; comparison++) {
      const input = reportInput({ changes: run(...draw()), effects })
      const found = changesSince(input, evening({ changes: run(...draw()), effects }), 'apart') ?? []
      if (found.some(({ told }) => told !== 'same')) errors++
    }
    // 1.6 standard errors beyond 5 %.
    expect(errors / runs).toBeLessThanOrEqual(0.0675)
  })
})
