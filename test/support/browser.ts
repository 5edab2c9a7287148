// A page open in Chromium, which keeps count of what it asks for and of what it complains about.

import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

export async function openPage(browser: Browser, address: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(address)
  return { page, requests, complaints, [Symbol.asyncDispose]: () => context.close() }
}

/** What axe finds, one line each. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const found: unknown = await page.evaluate(`axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary)))`)
  if (!Array.isArray(found)) throw new Error('axe gave no list')
  return found.map(String)
}
