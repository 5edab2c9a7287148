// Files, stdin and compressed streams, whole and damaged.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { DamagedFile, open } from '../../src/ingest/containers/open.ts'
import { temporaryFolder } from './files.ts'

const folder = temporaryFolder()
const numbered = (count: number) =>
  Array.from({ length: count }, (_, at) => `{"n":${at},"x":${Math.sin(at)}}\n`).join('')

async function read(path: string, stdin?: Readable) {
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of open(path, stdin)) pieces.push(piece)
    return { text: Buffer.concat(pieces).toString('utf8'), error: null }
  } catch (error) {
    return { text: Buffer.concat(pieces).toString('utf8'), error }
  }
}

async function readBytes(bytes: Uint8Array) {
  const path = join(folder, 'log')
  writeFileSync(path, bytes)
  return read(path)
}

const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])

function framePerLine(text: string): Uint8Array {
  const lines = text.split(/(?<=\n)/)
  const few = lines.slice(0, 200).map((line) => zstdCompressSync(line))
  return Buffer.concat([...few, zstdCompressSync(lines.slice(200).join(''))])
}

describe('open', () => {
  const text = numbered(40_000)
  const plain = Buffer.from(text)
  const half = plain.subarray(0, plain.length >> 1)
  const rest = plain.subarray(plain.length >> 1)

  test.each<[string, Uint8Array]>([
    ['plain', plain],
    ['gzip', gzipSync(plain)],
    ['gzip of several members', Buffer.concat([gzipSync(half), gzipSync(rest)])],
    ['gzip padded with zeros', Buffer.concat([gzipSync(plain), Buffer.alloc(512)])],
    ['zstd', zstdCompressSync(plain)],
    ['zstd of several frames', Buffer.concat([zstdCompressSync(half), zstdCompressSync(rest)])],
    ['zstd of a frame a line', framePerLine(text)],
    ['zstd with a frame to skip', Buffer.concat([zstdCompressSync(half), skippable, zstdCompressSync(rest)])],
  ])('%s, by its bytes and not its name', async (_, bytes) => {
    const { text: got, error } = await readBytes(bytes)
    expect(error).toBeNull()
    expect(got === text).toBe(true)
  })

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['one byte', Buffer.from('{')],
    ['four bytes', Buffer.from('{}\n1')],
  ])('%s', async (_, bytes) => {
    expect(await readBytes(bytes)).toEqual({ text: Buffer.from(bytes).toString(), error: null })
  })

  test.each<[string, Uint8Array, RegExp]>([
    ['a cut gzip', gzipSync(plain).subarray(0, -20_000), /gzip.*unexpected end of file/],
    ['a cut zstd', zstdCompressSync(plain).subarray(0, -20_000), /zstd.*unexpected end of file/],
    [
      'a zstd cut in its second frame',
      Buffer.concat([zstdCompressSync(plain), zstdCompressSync(plain).subarray(0, 4000)]),
      /zstd.*unexpected end of file/,
    ],
    ['a gzip without its checksum', gzipSync(plain).subarray(0, -4), /gzip/],
  ])('%s gives what came before the cut', async (_, bytes, reason) => {
    const { text: got, error } = await readBytes(bytes)
    expect(error).toBeInstanceOf(DamagedFile)
    expect(String(error)).toMatch(reason)
    expect(`${text}${text}`.startsWith(got)).toBe(true)
    expect(got.length).toBeGreaterThan(text.length / 2)
  })

  test('a gzip that is corrupt in the middle gives what came before', async () => {
    const bytes = gzipSync(plain)
    bytes.fill(0x55, bytes.length >> 1, (bytes.length >> 1) + 400)
    const { text: got, error } = await readBytes(bytes)
    expect(error).toBeInstanceOf(DamagedFile)
    expect(got.length).toBeGreaterThan(text.length / 4)
    expect(text.startsWith(got.slice(0, text.length / 4))).toBe(true)
  })

  test.each<[string, Uint8Array, RegExp]>([
    ['a zip', Buffer.from('PK\u0003\u0004rest'), /zip archive/],
    ['an xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), /xz/],
    ['a bzip2', Buffer.from('BZh91AY'), /bzip2/],
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), /UTF-16/],
  ])('%s is said to be one', async (_, bytes, reason) => {
    const { text: got, error } = await readBytes(bytes)
    expect(got).toBe('')
    expect(error).toBeInstanceOf(DamagedFile)
    expect(String(error)).toMatch(reason)
  })

  test('an unknown compression is bytes like others', async () => {
    expect((await readBytes(brotliCompressSync('{}\n'))).error).toBeNull()
  })

  test.each<[string, Uint8Array]>([
    ['gzip', gzipSync('{"a":1}\n{"a":2}\n')],
    ['gzip of two members', Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"a":2}\n')])],
    ['zstd of two frames', Buffer.concat([zstdCompressSync('{"a":1}\n'), zstdCompressSync('{"a":2}\n')])],
    ['plain text', Buffer.from('{"a":1}\n{"a":2}\n')],
  ])('stdin, byte by byte: %s', async (_, bytes) => {
    const stdin = Readable.from([...bytes].map((byte) => Buffer.from([byte])))
    expect(await read('-', stdin)).toEqual({ text: '{"a":1}\n{"a":2}\n', error: null })
  })

  test('stdin of text', async () => {
    expect(await read('-', Readable.from(['{"a":', '1}']))).toEqual({ text: '{"a":1}', error: null })
  })

  test.each([
    ['a missing file', 'gone.jsonl', 'LOG_MISSING', 'no such file'],
    ['a folder', 'folder.jsonl', 'LOG_UNREADABLE', 'a folder'],
    ['a path through a file', 'file/x.jsonl', 'LOG_UNREADABLE', 'is a file'],
  ])('%s is a fault', async (_, name, code, message) => {
    mkdirSync(join(folder, 'folder.jsonl'), { recursive: true })
    writeFileSync(join(folder, 'file'), '')
    const { error } = await read(join(folder, name))
    expect(error).toBeInstanceOf(Fault)
    expect(error).toMatchObject({ code, place: join(folder, name), message: expect.stringContaining(message) })
  })

  test('a reader that stops early leaves nothing running', async () => {
    writeFileSync(join(folder, 'big.gz'), gzipSync(numbered(200_000)))
    for await (const piece of open(join(folder, 'big.gz'))) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
  })
})
