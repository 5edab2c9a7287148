// A pair in another program, where there is no folder to put its text.

import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { showIn } from '../../src/tui/outside.ts'

test('a system without a folder for temporary files is what went wrong, and no crash', async () => {
  // A file is no folder, for root either.
  vi.stubEnv('TMPDIR', fileURLToPath(import.meta.url))
  try {
    expect(await showIn('pager', 'text', { PAGER: 'true' })).toMatch(/^ENOTDIR: /)
  } finally {
    vi.unstubAllEnvs()
  }
})
