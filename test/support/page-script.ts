// The page's script, made from the source as the build makes it: browser tests see what is written now.

import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('../../', import.meta.url))

export async function buildPageScript(): Promise<string> {
  await using bundle = await rolldown({
    input: `${root}src/report/page/main.tsx`,
    platform: 'browser',
    tsconfig: `${root}src/report/page/tsconfig.json`,
  })
  const { output } = await bundle.generate({ format: 'iife', minify: true })
  return output[0].code
}
