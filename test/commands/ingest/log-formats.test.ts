// The key that opens a gateway's log: from the environment or a file, and never asked of formats that have none.

import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatOf } from '../../../src/commands/ingest/log-formats.ts'
import type { Fault } from '../../../src/core/fault.ts'
import { temporaryFolder } from '../../support/cli.ts'
import { createWorld } from '../../support/world.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

function place(env: Record<string, string> = {}) {
  const folder = temporaryFolder()
  return { file: 'shadowgate.yaml', folder, world: createWorld({ cwd: folder, env }).world }
}

const entry = { path: 'a.jsonl', format: 'cloudflare-ai-gateway' }
const faultOf = (work: () => unknown): Fault => {
  try {
    work()
  } catch (error) {
    return error as Fault
  }
  throw new Error('there was no fault')
}

test('from the environment, and from a file beside the config', () => {
  expect(formatOf({ ...entry, privateKey: { env: 'KEY' } }, place({ KEY: privateKey }), 0)).toMatchObject({
    name: 'cloudflare-ai-gateway',
  })
  const here = place()
  writeFileSync(join(here.folder, 'key.pem'), privateKey)
  expect(formatOf({ ...entry, privateKey: { file: 'key.pem' } }, here, 0)).toMatchObject({
    name: 'cloudflare-ai-gateway',
  })
})

test.each([
  [{ ...entry, privateKey: { env: 'KEY' } }, /variable KEY is not set/],
  [{ ...entry, privateKey: { file: 'none.pem' } }, /key file none.pem cannot be read/],
  [
    { path: 'a', format: 'litellm', privateKey: { env: 'KEY' } },
    /litellm is not encrypted.*cloudflare-ai-gateway does/,
  ],
])('%j is a fault at its place', (log, message) => {
  const fault = faultOf(() => formatOf(log, place(), 2))
  expect([fault.code, fault.place]).toEqual(['BAD_CONFIG', 'shadowgate.yaml logs[2].privateKey'])
  expect(fault.message).toMatch(message)
})
