// Exchanges under way, through each way that a request can go.

import { expect, it } from 'vitest'
import { createInFlight } from '../../src/canary/in-flight.ts'

const seen = { isUnseen: false, isCopied: false }
const mended = { isUnseen: true, isCopied: false }
const copied = { isUnseen: true, isCopied: true }

it('a request is under way until its answer ends', () => {
  const inFlight = createInFlight()
  inFlight.begin({ arm: 'candidate', isCopied: false })
  expect(inFlight.counts()).toEqual({ production: 0, candidate: 1 })
  inFlight.end({ servedBy: 'candidate', ...seen })
  expect(inFlight.counts()).toEqual({ production: 0, candidate: 0 })
})

it('one that the candidate failed goes on with production', () => {
  const inFlight = createInFlight()
  inFlight.begin({ arm: 'candidate', isCopied: false })
  inFlight.end({ servedBy: 'candidate', ...mended })
  expect(inFlight.counts()).toEqual({ production: 1, candidate: 0 })
  inFlight.end({ servedBy: 'production', ...seen })
  expect(inFlight.counts()).toEqual({ production: 0, candidate: 0 })
})

it('a copy is the candidate’s, unless there was no room for it', () => {
  const inFlight = createInFlight()
  inFlight.begin({ arm: 'production', isCopied: true })
  inFlight.begin({ arm: 'production', isCopied: true })
  expect(inFlight.counts()).toEqual({ production: 2, candidate: 2 })
  inFlight.leaveOut()
  inFlight.end({ servedBy: 'candidate', ...copied })
  inFlight.end({ servedBy: 'production', isUnseen: false, isCopied: true })
  inFlight.end({ servedBy: 'production', isUnseen: false, isCopied: true })
  expect(inFlight.counts()).toEqual({ production: 0, candidate: 0 })
})
