// Loads what draws, and what it draws with, in less time and memory than they take by themselves.

import type * as Drawing from './open.tsx'

/**
 * React is made for development unless it is told otherwise: every element then remembers where it was made. And the layout, which is
 * WebAssembly in a data URL, is fetched where there is `fetch`, which loads Node's whole HTTP client; without it it decodes the same
 * bytes by itself. Both are as they were once all is loaded.
 */
export async function loadDrawing(): Promise<typeof Drawing> {
  const mode = process.env['NODE_ENV']
  const fetching = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
  process.env['NODE_ENV'] = mode ?? 'production'
  Object.defineProperty(globalThis, 'fetch', { value: undefined, configurable: true, writable: true })
  try {
    return await import('./open.tsx')
  } finally {
    if (mode === undefined) delete process.env['NODE_ENV']
    if (fetching) Object.defineProperty(globalThis, 'fetch', fetching)
  }
}
