// A word to a router that is not there, or is another's: what is wrong, where, and what to do.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { writeDoorFile } from '../../../../src/commands/canary/door/admin-token.ts'
import { askRouter } from '../../../../src/commands/canary/door/ask-router.ts'
import { createDoor } from '../../../../src/commands/canary/door/door.ts'
import { temporaryFolder } from '../../../support/cli.ts'

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return (server.address() as AddressInfo).port
}

function door(journal: string) {
  const asked: unknown[] = []
  const server = createDoor({
    token: 'secret',
    isReady: () => true,
    status: () => ({ phase: 'open', journal }),
    metrics: async () => '',
    reload: async () => ({ kind: 'refused', because: 'no' }),
    drill: () => ({ status: 404, body: {} }),
    ask: (wish) => {
      asked.push(wish)
      return wish.kind === 'release' ? 'nobody holds it' : null
    },
  })
  return { server, asked }
}

const hold = { action: 'hold', because: 'so', by: 'ada' }

describe('asking a router', () => {
  it('says which file it looked for where there is none', async () => {
    const path = join(temporaryFolder(), 'canary.journal.jsonl.door')
    await expect(askRouter({ path, journal: '/j', wish: null })).rejects.toMatchObject({
      code: 'NOT_RUNNING',
      place: path,
      hint: 'shadowgate serve starts one',
    })
  })

  it.each([
    ['a router that was killed', null, 'nothing listens on 127.0.0.1'],
    ['another token', 'another', "does not take this project's token"],
    ['another project', 'secret', 'is the router of another project, /theirs'],
  ])('tells %s', async (_, token, expected) => {
    const path = join(temporaryFolder(), 'door')
    const { server, asked } = door('/theirs')
    const port = token === null ? 1 : await listen(server)
    writeDoorFile(path, { port, token: token ?? '' })
    const fault = askRouter({ path, journal: '/ours', wish: hold })
    await expect(fault).rejects.toMatchObject({ code: 'NOT_RUNNING', place: path })
    await expect(fault).rejects.toThrow(expected)
    expect(asked).toEqual([])
  })

  it('tells what is no router', async () => {
    const path = join(temporaryFolder(), 'door')
    const port = await listen(createServer((_, response) => response.end('<html>')))
    writeDoorFile(path, { port, token: 'secret' })
    await expect(askRouter({ path, journal: '/ours', wish: null })).rejects.toThrow('is no router of shadowgate')
  })

  it('hands over a wish, and says why it can’t be done', async () => {
    const path = join(temporaryFolder(), 'door')
    const { server, asked } = door('/ours')
    writeDoorFile(path, { port: await listen(server), token: 'secret' })
    expect(await askRouter({ path, journal: '/ours', wish: hold })).toMatchObject({ phase: 'open' })
    expect(asked).toEqual([{ kind: 'hold', because: 'so' }])
    const refused = askRouter({ path, journal: '/ours', wish: { ...hold, action: 'release' } })
    await expect(refused).rejects.toMatchObject({ code: 'USAGE', message: 'nobody holds it' })
  })
})
