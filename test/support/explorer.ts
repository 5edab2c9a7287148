// Reports with an explorer of pairs, written to a folder and open in a browser.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { html } from '../../src/report/html.ts'
import type { ReportInput } from '../../src/report/input.ts'
import { exploredInput } from '../report/fixture-explored.ts'
import { openPage } from './browser.ts'
import { startChromium } from './chromium.ts'
import { buildPageScript } from './page-script.ts'

export const wide = { viewport: { width: 1400, height: 900 } }

export interface OpenExplorer {
  readonly browser: Browser
  /** Of the report that has a few pairs of every kind. */
  readonly few: string
  /** Writes another report, and gives its file and its address. */
  readonly write: (name: string, parts: Partial<ReportInput>) => { readonly file: string; readonly address: string }
  /** Opens a page and waits until the pair that is open has been read. */
  readonly open: (address: string, options?: BrowserContextOptions) => ReturnType<typeof openPage>
  readonly close: () => Promise<void>
}

export async function openExplorer(): Promise<OpenExplorer> {
  const folder = mkdtempSync(join(tmpdir(), 'shadowgate-explorer-'))
  const pageScript = await buildPageScript()
  const browser = await startChromium()
  const write: OpenExplorer['write'] = (name, parts) => {
    const file = join(folder, name)
    writeFileSync(file, html.render(exploredInput({ pageScript, ...parts })))
    return { file, address: pathToFileURL(file).href }
  }
  return {
    browser,
    few: write('few.html', {}).address,
    write,
    open: async (address, options = wide) => {
      const opened = await openPage(browser, address, options)
      await opened.page.locator('.opened .views').first().waitFor()
      return opened
    },
    close: async () => {
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function filter(page: Page): Locator {
  return page.getByRole('searchbox')
}

export function title(page: Page): Promise<string> {
  return page.locator('#opened-title').innerText()
}

export function titles(page: Page): Promise<readonly string[]> {
  return page.locator('.row b').allInnerTexts()
}
