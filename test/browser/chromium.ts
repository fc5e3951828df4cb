import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser of this machine; CHROMIUM names another one. Undefined if there is none. */
export const chromiumPath = process.env['CHROMIUM'] ?? PLACES.find(place => existsSync(place))

/** CI must not pass without these tests. */
if (chromiumPath === undefined && process.env['REQUIRE_BROWSER'] !== undefined) {
  throw new Error('There is no Chromium: install the package chromium, or name the browser in CHROMIUM.')
}

if (chromiumPath === undefined) {
  process.stderr.write(
    'Skipped the browser tests: there is no Chromium. Install it, or name it in CHROMIUM.\n',
  )
}

/** A root user cannot have Chromium's sandbox. The pages are our own. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] })
