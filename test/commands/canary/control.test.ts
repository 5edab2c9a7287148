// The control's requests: production's, but for what gives them a cache of their own.

import { describe, expect, it } from 'vitest'
import type { Asking } from '../../../src/canary/proxy/proxy.ts'
import { controlRequests } from '../../../src/commands/canary/control.ts'
import { targetsOf } from '../../../src/commands/config/resolve.ts'
import { createWorld } from '../../support/world.ts'
import { load, targets as written } from '../config/config-file.ts'

const body = { model: 'now', messages: [{ role: 'user', content: 'Hi' }] }
const asking: Asking = {
  method: 'POST',
  path: '/v1/chat/completions',
  headers: { authorization: 'Bearer of-the-client', 'x-trace': '7' },
  body: Buffer.from(JSON.stringify(body)),
  json: body,
}

function requestOf(control: string, env: Readonly<Record<string, string>> = {}, parts: Partial<Asking> = {}) {
  const { config } = load(`${written}canary: { control: ${control} }\n`)
  const targets = targetsOf(config, 'shadowgate.yaml')
  const arm = (name: 'production' | 'candidate') => [{ target: targets[name], key: null, headers: { 'x-team': 'a' } }]
  const arms = { production: arm('production'), candidate: arm('candidate') }
  const session = { config, world: createWorld({ env }).world, file: 'shadowgate.yaml' }
  const make = controlRequests(session, { arms, ownHeaders: [] })
  return make === null ? null : make(0, { ...asking, ...parts })
}

describe('the requests of the control', () => {
  it('are production’s where nothing is said of a cache', () => {
    expect(requestOf('{}')).toBeNull()
  })
  it('bring a key of their own, and none of the client’s', () => {
    const request = requestOf('{ keyFrom: { env: CONTROL_KEY } }', { CONTROL_KEY: 'of-the-control' })
    expect(request?.headers).toMatchObject({ authorization: 'Bearer of-the-control', 'x-trace': '7', 'x-team': 'a' })
    expect(JSON.stringify(request?.headers)).not.toContain('of-the-client')
    expect(request?.body).toEqual(asking.body)
  })
  it('have fields and headers on top', () => {
    const request = requestOf('{ headers: { x-team: b }, body: { cache_salt: control } }')
    expect(request?.headers).toMatchObject({ authorization: 'Bearer of-the-client', 'x-team': 'b' })
    expect(JSON.parse(String(request?.body))).toEqual({ ...body, cache_salt: 'control' })
  })
  it('stay as they came where their body is none', () => {
    const text = Buffer.from('what?')
    expect(requestOf('{ body: { a: 1 } }', {}, { body: text, json: null })?.body).toEqual(text)
  })
  it('bring production’s servers nothing that is for a server of the control’s own', () => {
    const own = '{ baseUrl: "http://own.example/v1", keyFrom: { env: CONTROL_KEY }, headers: { x-team: b } }'
    const request = requestOf(own, { CONTROL_KEY: 'of-the-control' })
    expect(request?.headers).toMatchObject({ authorization: 'Bearer of-the-client', 'x-team': 'a' })
  })
  it('need the key that they name', () => {
    expect(() => requestOf('{ keyFrom: { env: CONTROL_KEY } }')).toThrow(/CONTROL_KEY is not set/)
  })
  it('have no key written out', () => {
    expect(() =>
      requestOf('{ headers: { authorization: Bearer sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD } }'),
    ).toThrow(/credential is written out/)
  })
})
