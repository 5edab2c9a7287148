// `shadowgate browse` in a real terminal, over the store of a real run: keys, sizes, colours, signals, and what was decided.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'
import { type RunningTerminal, startTerminal, type TerminalOptions } from '../support/terminal.ts'

/** Moves the cursor, sets the title, leaves the screen. */
const hostile = '\u001b[2J\u001b[9;9HGOTCHA\u001b]0;owned\u0007\u001b[?1049l\u202etxet'

/** Forty pairs: one in four is refused by the candidate, one is hostile. */
async function storedRun(): Promise<string> {
  const answers = async (isCandidate: boolean) =>
    startTarget((asked, response) => {
      const question = Number(/\d+/.exec(asked.body.messages[0]?.content ?? '')?.[0])
      const plain = `The answer to question ${question} is blue, as it was.`
      const refusal = "I'm sorry, but I can't help with that request."
      const text = question === 7 && isCandidate ? hostile : question % 4 === 0 && isCandidate ? refusal : plain
      sendJson(response, 200, completion(text))
    })
  const [production, candidate] = [await answers(false), await answers(true)]
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    records: 40,
    config: {
      replay: { noise: 1, warmUp: 0 },
      gate: { segments: ['parity'], earlyStop: false, rules: withoutLatency },
    },
  })
  const run = await runCli(['run', '--quiet'], { cwd: folder })
  expect(run.stderr).not.toContain('error[')
  return folder
}

const running: RunningTerminal[] = []
afterEach(() => {
  for (const terminal of running.splice(0)) terminal.kill('SIGKILL')
})

function browse(folder: string, options: Partial<TerminalOptions> & { readonly args?: readonly string[] } = {}) {
  const { args = [], env = {}, ...others } = options
  const terminal = startTerminal(['browse', '--reviewer', 'Ann', ...args], { cwd: folder, env, ...others })
  running.push(terminal)
  return terminal
}

const reviewsIn = (folder: string) => {
  const file = join(folder, 'shadowgate.reviews.yaml')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
const decisionsIn = (folder: string) => [...reviewsIn(folder).matchAll(/decision: (\w+)/g)].map(([, word]) => word)

describe('browse', { timeout: 120_000 }, () => {
  it('is read, decided in, resized and left', async () => {
    const folder = await storedRun()
    const terminal = browse(folder)
    const first = await terminal.until((text) => text.includes('newly refused') && text.includes('candidate   refused'))
    expect(first).toContain('[all 40] ✗10 ↑0')
    expect(first.split('\n')).toHaveLength(24)
    expect(terminal.isAlternate()).toBe(true)
    expect(terminal.screen()[0]).toContain('test-model → test-model-next')

    terminal.type('ar')
    await terminal.until((text) => text.includes('the pair: a regression'))
    expect(decisionsIn(folder)).toEqual(['accept', 'regression'])
    terminal.type('z')
    await terminal.until((text) => text.includes('taken back'))
    expect(decisionsIn(folder)).toEqual(['accept'])
    terminal.type('cmust answer\rR')
    await terminal.until((text) => text.includes('the cluster'))
    expect(decisionsIn(folder)).toEqual(['accept', 'regression'])
    expect(reviewsIn(folder)).toMatch(/decision: regression, .*reason: must answer, reviewer: Ann/)

    expect(reviewsIn(folder)).toMatch(/words: newly refused in pair [0-9a-f]{12}/)
    const listed = await runCli(['review', '--list', '--json'], { cwd: folder })
    expect(listed.stderr).toContain('STORE_LOCKED')
    terminal.resize(140, 40)
    await terminal.until((text) => text.includes('unreviewed') && text.split('\n').at(-1)?.includes('q quit') === true)
    terminal.resize(70, 20)
    await terminal.until((text) => text.includes('This terminal has 70 columns and 20 lines'))
    terminal.resize(80, 24)
    await terminal.until((text) => text.includes('a accept'))
    // An arrow, and a paste: the one is a key, the other is none.
    terminal.type('g')
    await terminal.until((text) => text.includes(' 1 of 40'))
    terminal.type('\u001b[B')
    await terminal.until((text) => text.includes(' 2 of 40'))
    terminal.type('\u001b[200~aaa\u001b[201~j')
    await terminal.until((text) => text.includes(' 3 of 40'))
    expect(decisionsIn(folder)).toHaveLength(2)

    terminal.type('q')
    expect(await terminal.ended).toMatchObject({ status: 0 })
    expect(terminal.isAlternate()).toBe(false)
    expect(terminal.raw()).toMatch(/␛\[\?25h[^]*␛\[\?1049l/)
    // The next sitting knows what was decided, and may not take it back.
    const again = browse(folder, { args: ['--where', 'accepted'] })
    await again.until((text) => text.includes('1 of 1'))
    again.type('z')
    await again.until((text) => text.includes('nothing was decided in this sitting'))
    again.type('\u0003')
    expect(await again.ended).toMatchObject({ status: 0 })
    expect(decisionsIn(folder)).toHaveLength(2)
  })

  it('shows what models say, and never obeys it', async () => {
    const folder = await storedRun()
    const terminal = browse(folder, { args: ['--where', 'GOTCHA'], columns: 100, rows: 30 })
    await terminal.until((text) => text.includes('⟨U+001B⟩[2J'))
    for (const key of '12345') {
      terminal.type(key)
      await terminal.until((text) => text.includes(`[${key} `))
    }
    expect(terminal.isAlternate()).toBe(true)
    expect(terminal.screen()[0]).toContain('test-model')
    expect(terminal.raw()).not.toContain('␛]0;owned')
    expect(terminal.raw()).not.toContain('\u202e')
    terminal.type('q')
    expect(await terminal.ended).toMatchObject({ status: 0 })
  })

  it.each([
    ['colours', {}, true],
    ['NO_COLOR', { NO_COLOR: '1' }, false],
  ])('with %s', async (_what, env, hasColour) => {
    const terminal = browse(await storedRun(), { env })
    // The screen is drawn from the top: what is below the heading may not stand yet.
    const isMarked = (shown: string) => hasColour || shown.includes('{+')
    const text = await terminal.until((shown) => shown.includes('candidate   refused') && isMarked(shown))
    expect(/␛\[(?:3[1-7]|9\d)m/.test(terminal.raw())).toBe(hasColour)
    expect(text.includes('{+')).toBe(!hasColour)
    terminal.type('q')
    await terminal.ended
  })

  it('gives the terminal back where it is told to end', async () => {
    const folder = await storedRun()
    const terminal = browse(folder)
    await terminal.until((text) => text.includes('candidate   refused'))
    terminal.type('a')
    await terminal.until((text) => text.includes('the pair: accepted'))
    terminal.kill('SIGTERM')
    expect(await terminal.ended).toMatchObject({ status: 130 })
    expect(terminal.isAlternate()).toBe(false)
    expect(terminal.raw()).toMatch(/␛\[\?2004l[^]*␛\[\?1049l(?:␛\[\?25h)+Next: shadowgate gate [^␛]*(?:␛\[\?25h)*$/)
    expect(decisionsIn(folder)).toEqual(['accept'])
  })

  it('opens the pair in the pager and the editor, and leaves no file', async () => {
    const folder = await storedRun()
    const show = join(folder, 'show.sh')
    writeFileSync(show, '#!/bin/sh\nhead -1 "$2"; echo "$1 $2"; ls "$2"; read line\n', { mode: 0o755 })
    const terminal = browse(folder, { env: { PAGER: `${show} paged`, EDITOR: `${show} edited`, TMPDIR: folder } })
    await terminal.until((text) => text.includes('candidate   refused'))
    for (const [key, word] of [
      ['o', 'paged'],
      ['e', 'edited'],
    ] as const) {
      terminal.type(key)
      await terminal.until((text) => text.includes(word))
      expect(terminal.isAlternate()).toBe(false)
      expect(terminal.text()).toMatch(/# [0-9a-f]+ · regressed/)
      terminal.type('\r')
      await terminal.until((text) => text.includes('a accept'))
      expect(terminal.isAlternate()).toBe(true)
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('shadowgate-'))).toEqual([])
    terminal.type('yj')
    await terminal.until((text) => text.includes(' 2 of 40'))
    expect(terminal.raw()).toMatch(/␛\]52;c;[A-Za-z0-9+/=]+␇/)
    terminal.type('q')
    expect(await terminal.ended).toMatchObject({ status: 0 })
  })

  it('is heard by a screen reader, which is told of one pair at a time', async () => {
    const terminal = browse(await storedRun(), { env: { INK_SCREEN_READER: 'true' } })
    const text = await terminal.until((shown) => shown.includes('newly refused'))
    expect(text).toMatch(/option: \(selected\).*newly refused/)
    expect(terminal.isAlternate()).toBe(false)
    terminal.type('q')
    expect(await terminal.ended).toMatchObject({ status: 0 })
  })
})

describe('without a screen', { timeout: 120_000 }, () => {
  it('browse says what does the same, and pairs does', async () => {
    const folder = await storedRun()
    const none = await runCli(['browse'], { cwd: folder })
    expect([none.status, none.stdout]).toEqual([64, ''])
    expect(none.stderr).toContain('error[USAGE] browse needs a terminal')
    for (const twin of ['shadowgate pairs', 'shadowgate report', 'review --list --json', 'gate --json'])
      expect(none.stderr).toContain(twin)
    const dumb = browse(folder, { env: { TERM: 'dumb' } })
    expect(await dumb.ended).toMatchObject({ status: 64 })

    const text = await runCli(['pairs', '--where', 'regressed parity=even', '--limit', '3'], { cwd: folder })
    expect(text.stdout.trimEnd().split('\n')).toHaveLength(3)
    for (const line of text.stdout.trimEnd().split('\n'))
      expect(line).toMatch(/^[0-9a-f]+\tregressed\tunreviewed\tnewly refused[^\t]*\tparity=even$/)
    expect(text.stderr).toContain('and 7 more: --limit 10 lists all')
    const json = await runCli(['pairs', '--where', 'GOTCHA', '--json'], { cwd: folder })
    expect(JSON.parse(json.stdout)).toMatchObject({
      of: 40,
      found: 1,
      pairs: [{ standing: 'changed', review: 'unreviewed' }],
    })
    const wrong = await runCli(['pairs', '--where', 'regressed latncy>2'], { cwd: folder })
    expect([wrong.status, wrong.stderr]).toEqual([64, expect.stringContaining('did you mean latency?')])
    expect((await runCli(['pairs', '--limit', 'all'], { cwd: folder })).status).toBe(64)
  })
})
