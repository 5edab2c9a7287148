// What requests meet: one each, to their end, whatever comes meanwhile.

import { expect, it } from 'vitest'
import { createPlanes } from '../../../src/canary/proxy/planes.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('a request keeps what it met, and that is free once the last one let go', async () => {
  const planes = createPlanes('old')
  const [first, second] = [planes.current(), planes.current()]
  first.hold()
  second.hold()
  let isFree = false
  const free = planes.swap('new').then(() => (isFree = true))
  expect([first.plane, planes.current().plane]).toEqual(['old', 'new'])
  first.letGo()
  await turn()
  expect(isFree).toBe(false)
  second.letGo()
  await free
  expect(isFree).toBe(true)
})

it('what nobody holds is free at once', async () => {
  const planes = createPlanes('old')
  const held = planes.current()
  held.hold()
  held.letGo()
  await expect(planes.swap('new')).resolves.toBeUndefined()
})

it('each of several waits for its own', async () => {
  const planes = createPlanes(1)
  const first = planes.current()
  first.hold()
  const order: number[] = []
  const swaps = [planes.swap(2).then(() => order.push(1)), planes.swap(3).then(() => order.push(2))]
  await turn()
  expect(order).toEqual([2])
  first.letGo()
  await Promise.all(swaps)
  expect(order).toEqual([2, 1])
})
