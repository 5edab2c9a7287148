// Credentials that are written out in a config: refused by where they stand, and named nowhere.

import { describe, expect, it } from 'vitest'
import { faultOf, load } from './config-file.ts'

const key = `sk-proj-${'a1B2c3D4'.repeat(4)}`
const candidate = '  candidate: { baseUrl: http://b.example/v1 }\n'
const withTarget = (text: string) => `targets:\n  production: { baseUrl: http://a.example/v1, ${text} }\n${candidate}`

describe('a credential that is written out', () => {
  it.each([
    [
      'in a header',
      withTarget(`headers: { Authorization: "Bearer ${key}" }`),
      'targets.production.headers.Authorization',
      '${PROD_KEY}',
    ],
    ['as a key', withTarget(`keyFrom: "${key}"`), 'targets.production.keyFrom', 'keyFrom: { env: PROD_KEY }'],
    [
      'in place of the variable that holds it',
      withTarget(`keyFrom: { env: "${key}" }`),
      'targets.production.keyFrom.env',
      'keyFrom: { env: PROD_KEY }',
    ],
    [
      'in a field of another name',
      withTarget(`apiKey: "${key}"`),
      'targets.production.apiKey',
      'keyFrom: { env: PROD_KEY }',
    ],
    [
      'for a webhook',
      `${withTarget('model: a')}notify: { webhooks: [{ url: "https://a.example/x", headers: { authorization: "Bearer ${key}" } }] }\n`,
      'notify.webhooks[0].headers.authorization',
      '${PROD_KEY}',
    ],
  ])('%s is refused with the fix', (_where, text, place, hint) => {
    const fault = faultOf(() => load(text))
    expect(fault).toMatchObject({ code: 'BAD_CONFIG', place: expect.stringContaining(place) })
    expect(fault.hint).toContain(hint)
    expect(`${fault.message} ${fault.place} ${fault.hint}`).not.toContain(key)
  })

  it('is none where a variable is named, or where it is a text about something else', () => {
    const env = { KEY: key }
    expect(load(withTarget('headers: { Authorization: "Bearer ${KEY}" }'), { env }).config.targets).toBeDefined()
    expect(load(withTarget(`overrides: { user: "${key}" }`)).config.targets).toBeDefined()
  })
})
