// A credential that is written out in the config: refused, with what to write instead.

import { Fault } from '../../core/fault.ts'
import { withoutSecrets } from '../../core/secrets.ts'
import type { Json } from '../../core/types.ts'

/** Where credentials are meant to be named. A judge's criteria and a model's overrides are texts about anything. */
const guarded =
  /^(?:targets\.\w+|judge\.target|notify\.webhooks\.\d+|canary\.moreTargets\.\w+\.\d+)\.(?!overrides|baseUrl)/

/** `written`: before `${…}` is filled in. The value is in no message. Fault: BAD_CONFIG. */
export function refuseLiteralKeys(written: Json, placeOf: (path: readonly PropertyKey[]) => string): void {
  walk(written, [], (path, text) => {
    if (!guarded.test(path.join('.')) || withoutSecrets(text.replaceAll(/\$\{[^}]*\}/g, '')).found === 0) return
    const isHeader = path.includes('headers')
    throw new Fault('BAD_CONFIG', 'a credential is written out here, and a config goes into git and into the store', {
      place: placeOf(path),
      hint: isHeader
        ? 'export it, and write ${PROD_KEY} in its place'
        : 'export it, and name the variable: keyFrom: { env: PROD_KEY }; what was in a file in git is best made anew',
    })
  })
}

function walk(
  value: Json,
  path: readonly PropertyKey[],
  see: (path: readonly PropertyKey[], text: string) => void,
): void {
  if (typeof value === 'string') see(path, value)
  else if (Array.isArray(value)) value.forEach((each: Json, index) => walk(each, [...path, index], see))
  else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value)) walk(each, [...path, key], see)
}
