// Reviews with the real command line: what people accept or refuse changes the verdict, and the verdict says so.

import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readReviews } from '../../src/review/file.ts'
import { temporaryFolder } from '../support/cli.ts'
import { createShop, shown } from '../support/review-shop.ts'

const timeout = 120_000

it('accepts, refuses, expires and takes back; verify needs no file', { timeout }, async () => {
  const { step, clusters, file, edit } = await createShop()
  expect((await step('run')).status, 'texts block').toBe(1)
  const [first] = await clusters()
  expect(first).toMatchObject({ kind: 'collapsed', segment: { key: 'parity', value: 'even' }, state: 'unreviewed' })
  const id = String(first?.['id'])

  const accepted = await step(
    'review',
    '--accept',
    id.slice(0, 6),
    '--reason',
    'the prompt asks for one word',
    '--json',
  )
  expect(accepted.status, accepted.stderr).toBe(0)
  expect(JSON.parse(accepted.stdout).reviews).toMatchObject([
    {
      about: { kind: 'cluster', id },
      decision: 'accept',
      reviewer: 'Ann <ann@example.org>',
      reason: 'the prompt asks for one word',
    },
  ])
  expect(await clusters()).toContainEqual(expect.objectContaining({ id, state: 'accepted' }))
  const gated = await step('gate')
  expect(gated.status, gated.stdout).toBe(0)
  expect(gated.stdout).toMatch(/^GO .*changed pairs count as unchanged: accepted by Ann <ann@example\.org>\./)
  expect(gated.stdout).toContain('accepted: parity=even · answers collapsed')
  expect(gated.stdout).toContain('the prompt asks for one word')

  await step('report')
  rmSync(file)
  const verified = await step('verify')
  expect(verified.status, verified.stderr).toBe(0)
  expect((await step('gate')).status, 'without the file nobody accepted anything').toBe(1)

  await step('review', '--accept', id, '--expires', '30d')
  expect((await step('gate')).status).toBe(0)
  edit(/expires: [^,]+/, 'expires: 2026-01-01')
  const late = await step('gate')
  expect(late.status).toBe(1)
  expect(late.stdout).toContain('○ expired: parity=even · answers collapsed')
  edit(/expires: [^,]+, /, '')
  expect((await step('gate')).status).toBe(0)
  edit('candidate: test-model-next', 'candidate: another-model')
  expect((await step('gate')).status, 'what was accepted of another model').toBe(1)
  edit('candidate: another-model', 'candidate: test-model-next')
  edit('decision:', 'decison:')
  const broken = await step('gate')
  expect(broken.status).toBe(65)
  expect(broken.stderr).toMatch(
    /error\[BAD_REVIEWS\] shadowgate\.reviews\.yaml:4:\d+: a review has no "decison"; did you mean "decision"/,
  )
  edit('decison:', 'decision:')

  const called = await step('review', '--regression', id, '--reason', 'users want the whole answer')
  expect(called.status, called.stderr).toBe(0)
  const refused = await step('gate', '--json')
  expect(refused.status).toBe(1)
  const verdict = JSON.parse(refused.stdout)
  expect(verdict.because).toMatch(
    /Ann <ann@example\.org> called parity=even · answers collapsed a regression on \d{4}-\d\d-\d\d \(\d+ pairs\): users want the whole answer\.$/,
  )
  const undone = await step('review', '--undo')
  expect(undone.stdout).toMatch(/^taken back: regression parity=even · answers collapsed/)
  expect((await step('gate')).status, 'the acceptance counts again').toBe(0)
})

it('blocks by a regression alone, though every rule passes', { timeout }, async () => {
  const { step, clusters, folder } = await createShop({
    rules: [{ metric: 'answered', margin: '2%', severity: 'block' }],
    extends: 'none',
  })
  expect((await step('run')).status).toBe(0)
  const [first] = await clusters()
  await step('review', '--regression', String(first?.['id']), '--reason', 'users want the whole answer')
  const gated = await step('gate')
  expect(gated.status).toBe(1)
  expect(gated.stdout).toMatch(/^NO-GO  Ann <ann@example\.org> called parity=even · answers collapsed a regression/)
  const { files } = JSON.parse((await step('report', '--json')).stdout)
  const written = (name: string) =>
    readFileSync(
      join(
        folder,
        files.find((each: string) => each.endsWith(name)),
      ),
      'utf8',
    )
  expect(JSON.parse(written('verdict.json')).reviews).toMatchObject([{ state: 'regression', cluster: first?.['id'] }])
  expect(written('junit.xml')).toContain('shadowgate: Reviews')
  expect(written('report.html')).toContain('id="reviews"')
  expect((await step('verify')).status).toBe(0)
})

it('looks along the way by the reviews that it began with', { timeout }, async () => {
  const { step, clusters } = await createShop()
  const decidedAtLooks = async () => {
    const { looks } = JSON.parse((await step('gate', '--json')).stdout)
    return Object.assign({}, ...looks.map(({ decided }: { decided: object }) => decided))
  }
  expect((await step('run')).status).toBe(1)
  expect(await decidedAtLooks()).toMatchObject({ 'text-similarity': 'fail' })
  const [cluster] = await clusters()
  await step('review', '--accept', String(cluster?.['id']))
  const second = await step('run', '--new')
  expect(second.status, second.stdout).toBe(0)
  expect(await decidedAtLooks()).toMatchObject({ 'text-similarity': 'pass' })
  expect((await step('verify')).status).toBe(0)
})

it('decides about pairs by a filter, and tells what it does not know', { timeout }, async () => {
  const { step, file } = await createShop()
  await step('run')
  const listed = JSON.parse((await step('review', '--list', '--where', 'parity=even similarity<0.3', '--json')).stdout)
  expect(listed.pairs.length).toBeGreaterThan(20)
  const [pair] = listed.pairs
  const unsure = await step('review', '--unsure', '--where', `pair=${pair.id}`, '--reviewer', 'Bob')
  expect(unsure.stdout).toMatch(/^unsure {2}answers collapsed in pair \w+, by Bob\n$/)
  expect(readReviews(readFileSync(file, 'utf8'), shown)).toMatchObject([
    { about: { kind: 'pair', recordId: pair.id }, reviewer: 'Bob' },
  ])
  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [['--accept', '0000ffff'], /has no cluster and no changed pair of that id/],
    [['--accept', 'ab'], /at least 4 characters/],
    [['--accept'], /not said about what/],
    [['--accept', '--where', 'similarty<1'], /did you mean similarity/],
    [['--accept', '--where', 'refused'], /no changed pair meets the filter/],
    [['--accept', pair.id, '--expires', 'soon'], /is no date/],
    [['--accept', pair.id, '--expires', '2020-01-01'], /has passed/],
    [['--undo', '--accept', pair.id], /one thing at a time/],
    [['--reason', 'why'], /nothing is decided/],
  ]
  for (const [args, words] of mistakes) {
    const { status, stderr } = await step('review', ...args)
    expect(status, args.join(' ')).toBe(64)
    expect(stderr).toMatch(words)
  }
  expect((await step('review', '--undo')).stdout).toBe('there is nothing of yours to take back\n')
  expect((await step('review', '--undo', '--reviewer', 'Bob')).stdout).toMatch(/^taken back: unsure/)
})

it('loses nothing where several processes write at once', { timeout }, async () => {
  const file = join(temporaryFolder(), shown)
  const book = fileURLToPath(new URL('../../dist/commands/review/reviews-file.js', import.meta.url))
  const script = `
    const { openReviewBook } = await import(${JSON.stringify(book)})
    const [path, reviewer] = process.argv.slice(1)
    const swap = { production: 'a', candidate: 'b' }
    const options = { shown: path, reviewer, swap, clock: { now: () => Date.now() } }
    const book = openReviewBook(path, options)
    for (let at = 0; at < 10; at++) {
      const about = { kind: 'cluster', id: reviewer + at }
      await book.decide([{ about, decision: 'accept', reason: null, expires: null, words: 'x' }])
    }
    await book.undo()`
  const write = (reviewer: string) =>
    new Promise<number | null>((resolve) => {
      const args = ['--input-type=module', '-e', script, '--', file, reviewer]
      spawn(process.execPath, args, { stdio: 'inherit' }).on('close', resolve)
    })
  const writers = ['ann', 'bob', 'carl', 'dora']
  expect(await Promise.all(writers.map(write))).toEqual([0, 0, 0, 0])
  const ids = readReviews(readFileSync(file, 'utf8'), shown).map(({ about }) =>
    about.kind === 'cluster' ? about.id : '',
  )
  const wanted = writers.flatMap((writer) => Array.from({ length: 9 }, (_, at) => `${writer}${at}`))
  expect(ids.filter((id) => !id.endsWith('9')).toSorted()).toEqual(wanted)
})
