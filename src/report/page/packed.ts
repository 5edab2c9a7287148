// The page's data: elements of gzip in base64, unpacked when somebody asks for them and only once.

import { dataId, type PageIndex, type TextChunk } from '../data/index-chunk.ts'
import type { PairTexts } from '../input.ts'

export async function readIndex(): Promise<PageIndex> {
  const index: PageIndex = await unpacked(dataId)
  return index
}

/** The texts of pairs by their place in the index. */
export class Texts {
  readonly #places = new Map<number, { readonly chunk: number; readonly at: number }>()
  readonly #chunks: Promise<TextChunk>[] = []
  readonly #unpacked: TextChunk[] = []
  readonly #searched = new Map<number, string>()
  readonly chunks: number

  constructor({ texts }: PageIndex) {
    this.chunks = texts.length
    for (const [chunk, places] of texts.entries()) {
      for (const [at, place] of places.entries()) this.#places.set(place, { chunk, at })
    }
  }

  /** null where the page has no texts of the pair. */
  async of(place: number): Promise<PairTexts | null> {
    const found = this.#places.get(place)
    if (found === undefined) return null
    return (await this.#chunk(found.chunk))[found.at] ?? null
  }

  /** As `of`, where it takes no time; undefined where it does. */
  known(place: number): PairTexts | null | undefined {
    const found = this.#places.get(place)
    return found === undefined ? null : this.#unpacked[found.chunk]?.[found.at]
  }

  /** What a search looks at, in lower case; null where it has not been read, or is not in the page. */
  searched(place: number): string | null {
    return this.#searched.get(place) ?? null
  }

  /** Makes a chunk's texts known to searches. */
  async search(chunk: number): Promise<void> {
    const texts = await this.#chunk(chunk)
    for (const [place, found] of this.#places) {
      const text = found.chunk === chunk ? texts[found.at] : undefined
      if (text) this.#searched.set(place, searchedOf(text))
    }
  }

  #chunk(chunk: number): Promise<TextChunk> {
    const known = this.#chunks[chunk]
    if (known !== undefined) return known
    const read = this.#unpack(chunk)
    this.#chunks[chunk] = read
    return read
  }

  async #unpack(chunk: number): Promise<TextChunk> {
    const texts: TextChunk = await unpacked(`${dataId}-${chunk}`)
    this.#unpacked[chunk] = texts
    return texts
  }
}

function searchedOf({ prompt, production, candidate }: PairTexts): string {
  return `${prompt}\n${production.text}\n${candidate.text}`.toLowerCase()
}

async function unpacked<Shape>(id: string): Promise<Shape> {
  const packed = atob(document.getElementById(id)?.textContent ?? '')
  const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  const shape: Shape = await new Response(stream).json()
  return shape
}
