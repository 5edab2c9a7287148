// Brownian motion stopped at boundaries: the one integral behind the group-sequential looks.

import { normalCdf } from './dist.ts'

/** Nothing is looked for beyond so many standard deviations: Φ(−8) is 6e-16. */
export const farthest = 8

/** Where the motion may be that has crossed no boundary yet: density × Simpson's weight on a grid of b, at rate t. */
export interface StoppedPath {
  readonly t: number
  readonly b: Float64Array
  readonly mass: Float64Array
}

/** P(not stopped before, and above b after a step of dt). `path` is null at the start, where the motion is at 0. */
export function tailAbove(path: StoppedPath | null, b: number, dt: number): number {
  if (path === null) return normalCdf(-b / Math.sqrt(dt))
  let tail = 0
  for (let i = firstWithin(path, b, dt); i < path.b.length; i++) {
    tail += (path.mass[i] ?? 0) * normalCdf(((path.b[i] ?? 0) - b) / Math.sqrt(dt))
  }
  return tail
}

/** One step on: the density below the boundary b at t, on a grid fine enough for the step after (`next`). */
export function walk(
  path: StoppedPath | null,
  at: { readonly t: number; readonly dt: number; readonly b: number; readonly next: number },
): StoppedPath {
  const { t, dt, b, next } = at
  const bottom = -farthest * Math.sqrt(t)
  // Twelve points to a standard deviation of either kernel, and never fewer than 301.
  const intervals = 2 * Math.ceil(Math.max(150, (6 * (b - bottom)) / Math.sqrt(Math.min(dt, next))))
  const width = (b - bottom) / intervals
  const grid = Float64Array.from({ length: intervals + 1 }, (_, i) => bottom + i * width)
  const mass = grid.map((x, i) => {
    const weight = i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2
    return ((weight * width) / 3) * densityAt(path, x, dt)
  })
  return { t, b: grid, mass }
}

function densityAt(path: StoppedPath | null, b: number, dt: number): number {
  const scale = 1 / Math.sqrt(2 * Math.PI * dt)
  if (path === null) return scale * Math.exp((-b * b) / (2 * dt))
  let density = 0
  const end = b + farthest * Math.sqrt(dt)
  for (let i = firstWithin(path, b, dt); i < path.b.length; i++) {
    const x = path.b[i] ?? 0
    if (x > end) break
    density += (path.mass[i] ?? 0) * Math.exp(-((b - x) ** 2) / (2 * dt))
  }
  return scale * density
}

/** The first point from which a step of √dt reaches b at all: nothing moves by more than 8 deviations. */
function firstWithin(path: StoppedPath, b: number, dt: number): number {
  const [bottom = 0, second = 0] = path.b
  return Math.max(0, Math.floor((b - farthest * Math.sqrt(dt) - bottom) / (second - bottom)))
}
