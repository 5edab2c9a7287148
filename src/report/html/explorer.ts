// What a page needs to become an explorer of pairs: its data and its one script, as the last things in it.

import { dataId } from '../data/index-chunk.ts'
import type { PageData } from '../data/page-data.ts'

export interface Explorer {
  readonly script: string
  readonly maxBytes: number
  readonly dataFor: (roomBytes: number) => PageData
}

/** Throws where the script could end its own element: the page's policy would refuse what is left of it. */
export function withExplorer(page: string, { script, maxBytes, dataFor }: Explorer): string {
  if (/<\/script|<!--/i.test(script))
    throw new Error('the page script holds "</script" or "<!--", and so ends its element')
  const end = page.lastIndexOf('</body>')
  const size = Buffer.byteLength(page) + Buffer.byteLength(script)
  const { index, texts } = dataFor(maxBytes - size)
  return [
    page.slice(0, end),
    data(dataId, index),
    ...texts.map((text, chunk) => data(`${dataId}-${chunk}`, text)),
    `<script>${script}</script>`,
    page.slice(end),
  ].join('')
}

/** No browser runs what it has no name for: the element only holds the text. */
function data(id: string, text: string): string {
  return `<script type="application/octet-stream" id="${id}">${text}</script>\n`
}
