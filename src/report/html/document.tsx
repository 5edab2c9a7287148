// The document around a page's body: one self-contained file that asks nobody for anything.
/** @jsxImportSource preact */

import { createHash } from 'node:crypto'
import type { JSX } from 'preact'
import { renderToString } from 'preact-render-to-string'

export interface Document {
  readonly title: string
  readonly version: string
  readonly css: string
  /** The one script that the page's policy lets run; null: none does. */
  readonly script: string | null
  readonly body: JSX.Element
}

/** What model text could smuggle in, the page's policy refuses: it names one style and at most one script. */
export function documentOf({ title, version, css, script, body }: Document): string {
  const scripts = script === null ? '' : ` script-src '${hashOf(script)}';`
  const policy = `default-src 'none'; style-src '${hashOf(css)}';${scripts} base-uri 'none'; form-action 'none'`
  const head = renderToString(
    <>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={policy} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <meta name="generator" content={`shadowgate ${version}`} />
      <title>{title}</title>
    </>,
  )
  // The style stands outside the renderer, which would escape it and so change its hash.
  return `<!doctype html>\n<html lang="en">\n<head>${head}<style>${css}</style></head>\n${renderToString(body)}\n</html>\n`
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
