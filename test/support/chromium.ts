// The browser of tests: the system's own Chromium, which may not be there.

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

export const hasChromium = existsSync(executablePath)

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args })
}

/** Says on standard error what is skipped, where there is no Chromium. */
export function sayWithoutChromium(what: string): void {
  if (!hasChromium) process.stderr.write(`skipped: ${what}, as there is no ${executablePath}\n`)
}
