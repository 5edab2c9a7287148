// What an arm is asked with: whose credentials go where.

import { describe, expect, it } from 'vitest'
import { ClientAsking } from '../../../src/canary/proxy/client-asking.ts'
import { type ArmRequests, createRequests } from '../../../src/canary/proxy/requests.ts'
import { targetOf } from '../../support/sender.ts'

const client = {
  authorization: 'Bearer client',
  'x-goog-api-key': 'client',
  cookie: 'sid=client',
  'content-type': 'application/json',
}
const asking = (path: string) =>
  new ClientAsking({ method: 'POST', path, headers: client, body: Buffer.from('{"model":"m","messages":[]}') })

function requestOf(arm: 'production' | 'candidate', order: Partial<ArmRequests>, path: string) {
  const own: ArmRequests = { target: targetOf('https://other.example/v1?team=a'), key: null, headers: {}, ...order }
  return createRequests({ arms: { production: [own], candidate: [own] }, ownHeaders: [] })(arm, 0, asking(path))
}

describe.each(['production', 'candidate'] as const)('%s', (arm) => {
  const path = '/v1/chat/completions?alt=sse&key=client&Access_Token=client&%6bey=client&x=a%20b'

  it.each<[string, Partial<ArmRequests>, string | undefined]>([
    ['with a key of its own', { key: 'own' }, 'Bearer own'],
    ['that takes no key, and is not the clients’', { isForeign: true }, undefined],
  ])('%s gets none of the client’s credentials, wherever they stand', (_, order, authorization) => {
    const request = requestOf(arm, order, path)
    expect(JSON.stringify([request.headers, request.path])).not.toContain('client')
    expect(request.headers['authorization']).toBe(authorization)
    expect(new Set(request.path.split('?')[1]?.split('&'))).toEqual(new Set(['team=a', 'alt=sse', 'x=a%20b']))
  })

  it('without one gets the client’s as they came', () => {
    const { headers, path: sent } = requestOf(arm, {}, path)
    expect(headers).toMatchObject({ authorization: 'Bearer client', cookie: 'sid=client' })
    expect(sent).toContain('key=client')
  })
})
