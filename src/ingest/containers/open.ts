// A log file or stdin → its bytes, decompressed by what they are, not by what the file is called.

import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib'
import { Fault, thrownMessage } from '../../core/fault.ts'

/** A file whose bytes end or break in the middle. What came before was given; nothing after it can be. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile'
}

/** Small, because a failing step of zlib takes the output of its whole input with it. */
const inputStep = 16 * 1024

const compressions = [
  { name: 'gzip', magic: [0x1f, 0x8b], create: createGunzip, hasFrames: false },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd], create: createZstdDecompress, hasFrames: true },
] as const

/** What people point at by mistake; said plainly instead of thousands of lines that are not UTF-8. */
const strangers = [
  { magic: [0x50, 0x4b, 0x03, 0x04], reason: 'a zip archive: unpack it first' },
  { magic: [0x42, 0x5a, 0x68], reason: 'compressed with bzip2: unpack it first' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], reason: 'compressed with xz: unpack it first' },
  { magic: [0xff, 0xfe], reason: 'UTF-16, not UTF-8: convert it first' },
  { magic: [0xfe, 0xff], reason: 'UTF-16, not UTF-8: convert it first' },
] as const

/**
 * The decompressed bytes of a file; `-` is stdin. Throws LOG_MISSING where the file is gone, LOG_UNREADABLE where it
 * cannot be read, and DamagedFile after the last bytes of a file that is cut, corrupt, or no log.
 */
export async function* open(path: string, stdin: Readable = process.stdin): AsyncGenerator<Uint8Array, void, void> {
  const raw = readable(path === '-' ? stdin : createReadStream(path, { highWaterMark: 256 * 1024 }), path)
  const start = await openingOf(raw)
  if (start === null) return
  const stranger = strangers.find(({ magic }) => hasMagic(start, magic))
  if (stranger !== undefined) {
    await raw.return()
    throw new DamagedFile(`the file is ${stranger.reason}`)
  }
  const bytes = chain(start, raw)
  const compression = compressions.find(({ magic }) => hasMagic(start, magic))
  if (compression === undefined) yield* bytes
  else yield* decompress(bytes, compression)
}

function hasMagic(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte)
}

async function* readable(stream: Readable, path: string): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const chunk of stream) yield bytesOf(chunk)
  } catch (error) {
    throw unreadable(path, error)
  }
}

function bytesOf(chunk: unknown): Uint8Array {
  return chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk))
}

/** The first bytes, at least five where there are so many: a pipe may bring them one by one. */
async function openingOf(raw: AsyncGenerator<Uint8Array, void, void>): Promise<Uint8Array | null> {
  let start = Buffer.alloc(0)
  while (start.length < 5) {
    const next = await raw.next()
    if (next.done === true) break
    start = Buffer.concat([start, next.value])
  }
  return start.length === 0 ? null : start
}

async function* chain(start: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  yield start
  yield* rest
}

async function* decompress(
  input: AsyncIterable<Uint8Array>,
  { name, create, hasFrames }: (typeof compressions)[number],
): AsyncGenerator<Uint8Array, void, void> {
  let inflater = startInflater(create())
  try {
    for await (const chunk of input) {
      for (let at = 0; at < chunk.length; at += inputStep) {
        let rest = chunk.subarray(at, at + inputStep)
        while (rest.length > 0) {
          const step = await inflater.write(rest)
          yield* step.output
          failIfDamaged(name, step.error)
          if (step.unread > 0) {
            // Node stops at the end of a zstd frame and says nothing of the frames behind it. After a gzip member it
            // goes on by itself, so what it leaves there is padding.
            if (!hasFrames) return
            inflater.destroy()
            inflater = startInflater(create())
          }
          rest = rest.subarray(rest.length - step.unread)
        }
      }
    }
    const { output, error } = await inflater.end()
    yield* output
    failIfDamaged(name, error)
  } finally {
    inflater.destroy()
  }
}

function failIfDamaged(name: string, error: Error | null): void {
  if (error !== null) throw new DamagedFile(`the ${name} stream is damaged: ${error.message}`)
}

interface InflateStep {
  readonly output: readonly Uint8Array[]
  /** Bytes of the input that lie behind the end of the stream. */
  readonly unread: number
  readonly error: Error | null
}

/**
 * Subtle: a Transform that fails throws away what it had decoded and nobody had read yet, so a cut file would lose lines
 * that were whole. Here each small input is written only when all output before it was handed on.
 */
function startInflater(inflate: Gunzip | ZstdDecompress) {
  let output: Uint8Array[] = []
  let given = 0
  let error: Error | null = null
  let wake: (() => void) | null = null
  inflate.on('data', (chunk: Uint8Array) => output.push(chunk))
  inflate.on('error', (failure: Error) => {
    error = failure
    wake?.()
  })
  inflate.on('end', () => wake?.())
  inflate.on('close', () => wake?.())
  const step = async (act: (done: () => void) => void): Promise<InflateStep> => {
    await new Promise<void>((resolve) => {
      wake = resolve
      act(resolve)
    })
    // Reading hands what the stream still holds to the listener above.
    while (inflate.read() !== null);
    const decoded = output
    output = []
    return { output: decoded, unread: error === null ? given - inflate.bytesWritten : 0, error }
  }
  return {
    write: (bytes: Uint8Array) => {
      given += bytes.length
      return step((done) => inflate.write(bytes, () => done()))
    },
    end: () => step(() => inflate.end()),
    destroy: () => inflate.destroy(),
  }
}

/** The fault behind a file that cannot be read. */
export function unreadable(path: string, error: unknown): Fault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = reasons[code] ?? thrownMessage(error)
  const place = path === '-' ? 'stdin' : path
  return new Fault(code === 'ENOENT' ? 'LOG_MISSING' : 'LOG_UNREADABLE', reason, { place, cause: error })
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ELOOP: 'its links go in a circle',
  ENAMETOOLONG: 'the name is too long',
}
