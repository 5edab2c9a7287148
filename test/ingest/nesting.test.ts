// Calls inside calls: whatever stands inside whatever, each call counts once.

import { Readable } from 'node:stream'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { captured, type LogEntry, type LogFormat, lost } from '../../src/ingest/log-format.ts'
import { createNesting } from '../../src/ingest/nesting.ts'
import { jsonl, readAll } from './files.ts'

type Kind = 'readable' | 'unreadable' | 'span'

interface Stand {
  readonly id: string
  readonly parent: string | null
  readonly kind: Kind
}

function entryOf({ id, parent, kind }: Stand): LogEntry {
  const place = { id, parent }
  if (kind === 'span') return { kind: 'left-out', reason: 'a span', place }
  const call: LogEntry =
    kind === 'readable' ? { kind: 'whole', exchange: captured({ body: { messages: [] } }) } : lost('not kept')
  return { ...call, place }
}

/** The calls that count, sorted. */
function counted(stands: readonly Stand[]): readonly string[] {
  const nesting = createNesting()
  for (const stand of stands) nesting.add(entryOf(stand))
  const isSuperseded = nesting.superseded()
  return stands
    .filter(({ id, parent, kind }) => kind !== 'span' && !isSuperseded({ id, parent }))
    .map(({ id }) => id)
    .toSorted()
}

/** Everything around a stand, from the inside out; ends where a circle closes. */
function around(stand: Stand, byId: ReadonlyMap<string, Stand>): readonly string[] {
  const path: string[] = []
  for (let at = stand.parent; at !== null && byId.has(at) && !path.includes(at); at = byId.get(at)?.parent ?? null) {
    path.push(at)
  }
  return path
}

const kinds = fc.constantFrom<Kind>('readable', 'unreadable', 'span')
/** Parents are earlier ones, so that there are no circles. */
const forest = fc.array(fc.tuple(fc.nat(), kinds, fc.boolean()), { minLength: 1, maxLength: 25 }).map((drawn) =>
  drawn.map(
    ([above, kind, isRoot], at): Stand => ({
      id: `n${at}`,
      parent: isRoot || at === 0 ? null : `n${above % at}`,
      kind,
    }),
  ),
)
/** Parents are anybody, or nobody there is. */
const tangle = fc
  .array(fc.tuple(fc.nat({ max: 12 }), kinds), { minLength: 1, maxLength: 12 })
  .map((drawn) =>
    drawn.map(([above, kind], at): Stand => ({ id: `n${at}`, parent: above === 12 ? null : `n${above}`, kind })),
  )

test('never a call and the call inside it both', () => {
  fc.assert(
    fc.property(forest, (stands) => {
      const byId = new Map(stands.map((each) => [each.id, each] as const))
      const calls = new Set(counted(stands))
      const both = stands.filter((each) => calls.has(each.id) && around(each, byId).some((id) => calls.has(id)))
      expect(both).toEqual([])
    }),
  )
})

test('every call counts, or one inside it or around it does', () => {
  fc.assert(
    fc.property(forest, (stands) => {
      const byId = new Map(stands.map((each) => [each.id, each] as const))
      const calls = new Set(counted(stands))
      const near = new Set([...calls].flatMap((id) => around(byId.get(id) ?? fail(), byId)))
      for (const each of stands) {
        if (each.kind === 'span' || calls.has(each.id) || near.has(each.id)) continue
        expect(around(each, byId).some((id) => calls.has(id))).toBe(true)
      }
    }),
  )
})

function fail(): never {
  throw new Error('a call that was not given')
}

test('what can be read is not lost: the innermost readable call of each branch counts', () => {
  fc.assert(
    fc.property(forest, (stands) => {
      const byId = new Map(stands.map((each) => [each.id, each] as const))
      const outside = new Set(stands.filter(({ kind }) => kind !== 'span').flatMap((each) => around(each, byId)))
      const leaves = stands.filter(({ id, kind }) => kind === 'readable' && !outside.has(id)).map(({ id }) => id)
      expect(counted(stands)).toEqual(expect.arrayContaining(leaves))
    }),
  )
})

test('the order of lines does not matter, not even where parents stand in a circle', () => {
  const shuffled = fc
    .oneof(forest, tangle)
    .chain((stands) => fc.tuple(fc.constant(stands), fc.shuffledSubarray([...stands], { minLength: stands.length })))
  fc.assert(
    fc.property(shuffled, ([stands, mixed]) => {
      expect(counted(mixed)).toEqual(counted(stands))
    }),
  )
})

const call = (id: string, parent: string | null, kind: Kind = 'readable'): Stand => ({ id, parent, kind })

test.each<[string, readonly Stand[], readonly string[]]>([
  ['two in a circle have nobody around them', [call('a', 'b'), call('b', 'a')], ['a', 'b']],
  ['one that is its own parent', [call('a', 'a')], ['a']],
  ['a call under a circle', [call('a', 'b'), call('b', 'a'), call('c', 'a')], ['b', 'c']],
  ['an outer one for the only one inside, that cannot be read', [call('a', null), call('b', 'a', 'unreadable')], ['a']],
  [
    'no outer one for two, however deep they stand',
    [call('a', null), call('b', 'a', 'unreadable'), call('c', 'b', 'unreadable'), call('d', 'b', 'unreadable')],
    ['c', 'd'],
  ],
  [
    'the outermost of three where no one inside can be read',
    [call('a', null), call('b', 'a', 'unreadable'), call('c', 'b', 'unreadable')],
    ['a'],
  ],
  [
    'a readable one beside one that is not',
    [call('a', null), call('b', 'a'), call('c', 'a', 'unreadable')],
    ['b', 'c'],
  ],
])('%s', (_, stands, expected) => {
  expect(counted(stands)).toEqual(expected)
})

test('a hundred thousand spans inside each other end', () => {
  const chain = Array.from({ length: 100_000 }, (_, at) =>
    call(`n${at}`, at === 0 ? null : `n${at - 1}`, at % 2 === 0 ? 'readable' : 'span'),
  )
  expect(counted(chain)).toEqual(['n99998'])
})

test('rows of one call are one place: it can be read where a row can, and any of them says what is around it', () => {
  const format: LogFormat = {
    name: 'x',
    title: 'x',
    tells: '',
    lacks: '',
    nests: true,
    recognises: () => true,
    read: () => [],
    specimens: [],
    assemble: ([row]) => (row === 'text' ? entryOf(call('r', null)) : lost('empty')),
  }
  const outer = entryOf(call('a', null))
  const bare: LogEntry = { kind: 'row', key: 'r', order: 0, row: 'bare', place: { id: 'r', parent: 'a' } }
  const text: LogEntry = { kind: 'row', key: 'r', order: 1, row: 'text', place: { id: 'r', parent: null } }
  const gone = (...entries: readonly LogEntry[]) => {
    const nesting = createNesting()
    for (const entry of entries) nesting.add(entry, format)
    return ['a', 'r'].filter((id) => nesting.superseded()({ id, parent: null }))
  }
  expect(gone(outer, bare, text)).toEqual(['a'])
  expect(gone(text, bare, outer)).toEqual(['a'])
  expect(gone(outer, bare)).toEqual(['r'])
})

test('opinions and rejected lines are no calls', () => {
  const nesting = createNesting()
  nesting.add({ kind: 'rejected', reason: 'x', place: { id: 'b', parent: 'a' } })
  nesting.add({
    kind: 'opinion',
    about: 'a',
    feedback: { name: 'x', value: 1, comment: null },
    place: { id: 'c', parent: 'a' },
  })
  nesting.add(entryOf(call('a', null)))
  expect(nesting.superseded()({ id: 'a', parent: null })).toBe(false)
})

test('standard input comes once: there the calls of one line count once, and the others all', async () => {
  const observation = (id: string, parentObservationId: string | null) => ({
    id,
    traceId: 't',
    parentObservationId,
    type: 'GENERATION',
    startTime: '2026-09-01T10:00:00Z',
    input: id,
  })
  const trace = { trace: { id: 't' }, observations: [observation('a', null), observation('b', 'a')] }
  const stdin = Readable.from([Buffer.from(jsonl(trace, observation('c', 'b')))])
  const { records, files } = await readAll([{ path: '-', name: '-', format: null }], { stdin })
  expect(records.map(({ callId }) => callId)).toEqual(['b', 'c'])
  expect(files).toMatchObject([{ leftOut: 1 }])
})
