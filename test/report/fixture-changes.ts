// The fixture's changes: beyond noise with and without an example shown, with hostile text, and within noise.

import type { ChangeCluster, Changes } from '../../src/core/changes.ts'
import { hostile } from './hostile.ts'

function cluster(parts: Partial<ChangeCluster> & Pick<ChangeCluster, 'id' | 'kind' | 'words'>): ChangeCluster {
  return {
    segment: { key: 'task', value: 'prime' },
    template: null,
    pairs: 998,
    of: 1000,
    noise: { pairs: 2, of: 298 },
    mirror: null,
    isBeyondNoise: true,
    example: { ordinal: 12, recordId: '3f0c9a1e77d24b60a1c2d3e4' },
    lengths: null,
    latencyRatio: null,
    ...parts,
  }
}

export function changes(): Changes {
  return {
    clusters: [
      cluster({
        id: '0a1b2c3d4e5f',
        kind: 'collapsed',
        words: 'answers collapsed',
        template: '00000000beef',
        mirror: { words: 'answers grew several times over', pairs: 0 },
        lengths: { unit: 'characters', before: 638, after: 4 },
        latencyRatio: 0.22,
      }),
      cluster({
        id: '1a1b2c3d4e5f',
        kind: 'cut',
        words: 'cut at the limit',
        segment: { key: 'task', value: hostile.markdown },
        pairs: 1,
        of: 1,
        noise: null,
        mirror: { words: 'no longer cut at the limit', pairs: 0 },
        example: { ordinal: 13, recordId: '00000000000000000000000b' },
        lengths: { unit: 'tokens', before: 400, after: 1200 },
        latencyRatio: 3.04,
      }),
      cluster({
        id: '2a1b2c3d4e5f',
        kind: 'language',
        words: 'answered in another language',
        segment: { key: 'task', value: hostile.html },
        pairs: 12,
        example: { ordinal: 99, recordId: 'not-among-the-pairs' },
      }),
      cluster({
        id: '3a1b2c3d4e5f',
        kind: 'value',
        words: 'same form, another value',
        segment: null,
        pairs: 101,
        of: 969,
      }),
      cluster({
        id: '4a1b2c3d4e5f',
        kind: 'reworded',
        words: 'reworded',
        segment: null,
        pairs: 40,
        of: 969,
        noise: { pairs: 13, of: 394 },
        isBeyondNoise: false,
      }),
    ],
    judge: {
      model: 'judge-1',
      pairs: 1200,
      preferred: { production: 260, candidate: 141 },
      agreed: 1010,
      byPlace: { first: 120, second: 31 },
      failed: 4,
    },
    opinions: {
      liked: { candidate: { changed: 61, of: 140 }, noise: { changed: 3, of: 28 } },
      disliked: { candidate: { changed: 22, of: 31 }, noise: null },
    },
    directions: [
      {
        kind: 'newly-refused',
        there: 'newly refused',
        back: 'no longer refused',
        candidate: { there: 76, back: 9, of: 1969 },
        noise: { there: 1, back: 2, of: 394 },
      },
      {
        kind: 'cut',
        there: 'cut at the limit',
        back: 'no longer cut at the limit',
        candidate: { there: 1, back: 0, of: 1969 },
        noise: null,
      },
    ],
  }
}
