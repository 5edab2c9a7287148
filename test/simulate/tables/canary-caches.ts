// How cold a small share of users leaves a prompt cache, beside the control's: shared with production, and its own.

import { hitRates } from '../caches.ts'
import { type Case, shareFigure } from '../study.ts'

const rates = [0.1, 1, 10, 100]
const shares = [0.05, 0.25, 0.5]

export const cacheCases: readonly Case[] = rates.flatMap((perSecond) =>
  shares.map(
    (share): Case => ({
      table: 'canary',
      name: `caches at ${100 * share} %, ${perSecond} requests/s`,
      n: 40_000,
      runs: 0.02,
      isInferred: true,
      isStricter: null,
      figures: [shareFigure('candidate', null), shareFigure('control shared', null), shareFigure('control own', null)],
      prepare: () => (chance) => {
        const { candidate, shared, own } = hitRates(chance, { perSecond, share })
        return [candidate, shared, own]
      },
    }),
  ),
)
