import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { localSystem } from '../support/local-system.ts'
import { launchBrowser } from './chromium.ts'
import { EXAMPLE, NOW_MS, RETRYING_ID } from './example-collection.ts'

/*
 * `npm run pictures`: takes the pictures of the documents, of the page with a made-up collection. They are the same each
 * time, as long as page and browser are.
 */

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'pictures')

/** With the widths in which a picture is kept. */
const VIEWS = [
  { name: 'overview', hash: '#/', widths: [360, 1280, 2000] },
  { name: 'collection', hash: '#/collection', widths: [1280] },
  { name: 'source', hash: `#/sources/${RETRYING_ID}`, widths: [360] },
] as const

const CONFIG = {
  ...{
    name: 'Family office',
    description: 'The account of the family office',
    base_url: 'events.1password.eu',
  },
  ...{ fields: { team: 'security', _siemForward: true }, start_time: '2026-11-26T16:00:00Z' },
  supported_apis: ['sign-in', 'itemUsage', 'auditEvents'],
}

/** The page is told that its calls are signed, and gets the example instead of what the stage has. */
async function showExample(page: Page, url: string): Promise<void> {
  await page.route('**/api/v1/**', route => {
    const isCollection = route.request().url().endsWith('/collection')
    return route.fulfill({
      json: isCollection ? EXAMPLE : { source: { id: RETRYING_ID, config: CONFIG }, tasks: [] },
    })
  })
  await page.route(`${url}/`, route =>
    route.request().method() === 'HEAD'
      ? route.fulfill({ headers: { 'x-console-signs': 'yes' } })
      : route.continue(),
  )
  await page.clock.setFixedTime(NOW_MS)
}

async function takePictures(browser: Browser, url: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 1280, 2000]) {
      const viewport = { width, height: width === 360 ? 760 : 820 }
      const page = await browser.newPage({ viewport, colorScheme, timezoneId: 'UTC', locale: 'en-GB' })
      await showExample(page, url)
      for (const { name, hash } of VIEWS.filter(({ widths }) => widths.some(each => each === width))) {
        await page.goto(`${url}/${hash}`)
        await page.locator('main :is(svg, table)').first().waitFor()
        await page.waitForLoadState('networkidle')
        await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`) })
      }
      await page.close()
    }
  }
}

mkdirSync(FOLDER, { recursive: true })
const system = await localSystem()
const browser = await launchBrowser()
try {
  await takePictures(browser, system.stage.url)
} finally {
  await browser.close()
  await system.close()
}
process.exit()
