// What whoever runs the router is told of an answer.

import { expect, it } from 'vitest'
import { createObserver } from '../../../../src/commands/canary/clerk/observer.ts'
import { providerServedBy } from '../../../../src/providers/index.ts'
import { replyOf, runOf } from '../../../support/nouns.ts'
import { plainServed } from '../../../support/served-request.ts'

it('counts refusals of the answer that the comparison read, not of its cleaned copy', async () => {
  const observer = await createObserver({ targets: runOf('run').targets, spans: null }, () => {})
  const outcome = replyOf({ text: "I'm sorry, but I can't help with that." })
  observer.see({
    served: plainServed,
    provider: providerServedBy('openai-chat', null),
    request: {},
    call: { outcome, latencyMs: 2, firstTokenMs: null, tries: 1 },
    outcome: replyOf({ text: 'Noon.' }),
  })
  expect(await observer.text()).toMatch(/^shadowgate_router_refusals_total\{.*\} 1$/m)
})
