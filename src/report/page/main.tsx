// The page's script: puts the explorer where the page has a place for it.
/** @jsxImportSource preact */

import { render } from 'preact'
import { explorerId } from '../html/pairs.tsx'
import { Explorer } from './explorer.tsx'
import { readIndex, Texts } from './packed.ts'

async function start(root: HTMLElement): Promise<void> {
  const index = await readIndex()
  document.documentElement.classList.add('has-explorer')
  render(<Explorer index={index} texts={new Texts(index)} root={root} />, root)
}

const place = document.getElementById(explorerId)
// A browser that can't unpack the data keeps the list.
if (place && 'DecompressionStream' in globalThis) void start(place)
