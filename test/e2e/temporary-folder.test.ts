// What needs a folder for what is not kept, where the system has none that can be written: a container with a read-only root.

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject } from '../support/project.ts'

const nowhere = { production: 'http://127.0.0.1:1/v1', candidate: 'http://127.0.0.1:1/v1', records: 2 }

it.each([['init', '--force'], ['doctor', '--offline'], ['drill']])(
  '%s says which folder, and what to set',
  async (...args) => {
    const folder = createProject(nowhere)
    // A file is no folder, for root either.
    const file = join(folder, 'requests.jsonl')
    const { status, stdout, stderr } = await runCli(args, { cwd: folder, env: { TMPDIR: file } })
    expect(status).toBe(65)
    const told = stdout + stderr
    expect(told).toContain(file)
    expect(told).toContain('set TMPDIR to a folder that is there and can be written')
    expect(told).not.toContain('error[BUG]')
  },
)
