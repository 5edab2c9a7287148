// An answer's bytes as they were before its server compressed them, which some do though they were asked not to.

import { brotliDecompressSync, constants, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'

/** More than any answer of a model, and less than what a few bytes can be blown up to. */
const maxOutputLength = 64 * 1024 * 1024

const flush = constants.Z_SYNC_FLUSH
const decoders: Readonly<Record<string, (bytes: Uint8Array) => Buffer>> = {
  gzip: (bytes) => gunzipSync(bytes, { finishFlush: flush, maxOutputLength }),
  'x-gzip': (bytes) => gunzipSync(bytes, { finishFlush: flush, maxOutputLength }),
  deflate: (bytes) => inflateSync(bytes, { finishFlush: flush, maxOutputLength }),
  br: (bytes) => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength }),
  zstd: (bytes) => zstdDecompressSync(bytes, { finishFlush: constants.ZSTD_e_flush, maxOutputLength }),
}

/**
 * What undoes a `content-encoding`, of the opening of an answer too; null where there is nothing to undo. It throws where the bytes are
 * not what the header says, or nobody knows the coding.
 */
export function decoderOf(
  encoding: string | readonly string[] | undefined,
): ((bytes: Uint8Array) => Uint8Array) | null {
  const text = typeof encoding === 'string' ? encoding : (encoding?.join(',') ?? '')
  const codings = text
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && each !== 'identity')
  if (codings.length === 0) return null
  // The one that was applied last stands last.
  return (bytes) => codings.toReversed().reduce<Uint8Array>((left, coding) => decoded(left, coding), bytes)
}

function decoded(bytes: Uint8Array, coding: string): Uint8Array {
  const decode = decoders[coding]
  if (decode === undefined) throw new Error(`nobody here reads content-encoding: ${coding}`)
  return decode(bytes)
}
