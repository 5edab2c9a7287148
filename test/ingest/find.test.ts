// What the patterns of the config mean.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { findAllLogs, findLogs } from '../../src/ingest/find.ts'
import { temporaryFolder } from './files.ts'

const base = temporaryFolder()
for (const folder of ['logs', 'logs/old', 'empty', 'other']) mkdirSync(join(base, folder))
for (const file of [
  'logs/b.jsonl',
  'logs/a.jsonl.gz',
  'logs/old/c.ndjson.zst',
  'logs/notes.txt',
  'logs/.hidden.jsonl',
  'logs/[prod].jsonl',
  'one.log',
  'other/x.json',
]) {
  writeFileSync(join(base, file), '')
}

const names = async (pattern: string) => (await findLogs(pattern, { base })).map((file) => file.name)

async function faultOf(pattern: string): Promise<unknown> {
  return findLogs(pattern, { base }).then(
    () => null,
    (error: unknown) => error,
  )
}

describe('findLogs', () => {
  test.each([
    ['a file, whatever its name', 'one.log', ['one.log']],
    [
      'a folder, at any depth, sorted',
      'logs',
      ['logs/[prod].jsonl', 'logs/a.jsonl.gz', 'logs/b.jsonl', 'logs/old/c.ndjson.zst'],
    ],
    ['a glob', 'logs/*.jsonl', ['logs/[prod].jsonl', 'logs/b.jsonl']],
    ['a deep glob', '**/*.{zst,json}', ['logs/old/c.ndjson.zst', 'other/x.json']],
    ['a name with brackets that exists', 'logs/[prod].jsonl', ['logs/[prod].jsonl']],
    ['brackets that do not exist as a name', 'logs/[ab].jsonl', ['logs/b.jsonl']],
    ['stdin', '-', ['-']],
    ['a path with dots', './logs/../one.log', ['one.log']],
  ])('%s', async (_, pattern, expected) => {
    expect(await names(pattern)).toEqual(expected)
  })

  test('paths are absolute, and names outside the base are too', async () => {
    const [file] = await findLogs(join(base, 'one.log'), { base: join(base, 'logs') })
    expect(file).toEqual({ path: join(base, 'one.log'), name: join(base, 'one.log'), format: null })
  })

  test('a glob may leave the base', async () => {
    const files = await findLogs('../other/*.json', { base: join(base, 'logs') })
    expect(files.map((file) => file.path)).toEqual([join(base, 'other/x.json')])
  })

  test.each([
    ['a missing file', 'gone.jsonl', 'LOG_MISSING'],
    ['a glob without a match', 'logs/*.csv', 'LOG_MISSING'],
    ['a folder without logs', 'empty', 'LOG_MISSING'],
    ['a path through a file', 'one.log/x.jsonl', 'LOG_UNREADABLE'],
    ['a glob through a file', 'one.log/*.jsonl', 'LOG_MISSING'],
    ['links in a circle', 'circle', 'LOG_UNREADABLE'],
    ['a name longer than names are', `${'x'.repeat(5000)}.jsonl`, 'LOG_UNREADABLE'],
  ])('%s is a fault that names it', async (_, pattern, code) => {
    if (pattern === 'circle') symlinkSync(join(base, 'circle'), join(base, 'circle'))
    const fault = await faultOf(pattern)
    expect(fault).toBeInstanceOf(Fault)
    expect(fault).toMatchObject({ code, place: pattern })
  })
})

describe('findAllLogs', () => {
  test('each file once, with the format of the first pattern that means it', async () => {
    const files = await findAllLogs(
      [{ path: 'logs/b.jsonl', format: 'openai-batch' }, { path: 'logs/*.jsonl' }, { path: '-' }],
      base,
    )
    expect(files.map(({ name, format }) => [name, format])).toEqual([
      ['logs/b.jsonl', 'openai-batch'],
      ['logs/[prod].jsonl', null],
      ['-', null],
    ])
  })
})
