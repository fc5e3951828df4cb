import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LocalSystem, localSystem } from '../support/local-system.ts'
import { chromiumPath, launchBrowser } from './chromium.ts'
import { findAxeFaults, findOverflow } from './faults.ts'

const ID = 'suBROWSER'
const KEY = 'a-key-for-the-tests-of-the-browser'

describe.skipIf(chromiumPath === undefined)(
  'the page in a browser',
  { timeout: 120_000, tags: ['long'] },
  () => {
    let system: LocalSystem
    let browser: Browser
    let errors: string[] = []

    beforeAll(async () => {
      system = await localSystem({ accessKey: { accessId: ID, accessKey: KEY } })
      browser = await launchBrowser()
    }, 120_000)

    afterAll(async () => {
      await browser?.close()
      await system?.close()
    })

    beforeEach(() => {
      errors = []
    })

    async function open(options: BrowserContextOptions = {}): Promise<Page> {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)
      page.on('pageerror', ({ message }) => errors.push(message))
      page.on('request', request => {
        if (!request.url().startsWith(system.stage.url)) errors.push(`a request to ${request.url()}`)
      })
      await page.goto(system.stage.url)
      return page
    }

    async function signIn(page: Page, { key = KEY, isRemembered = false } = {}): Promise<void> {
      await page.getByLabel('Access id').fill(ID)
      await page.getByLabel('Access key').fill(key)
      if (isRemembered) await page.getByLabel('Remember').check()
      await page.getByLabel('Access key').press('Enter')
    }

    const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true })

    const goTo = async (page: Page, hash: string, title: string): Promise<void> => {
      await page.goto(`${system.stage.url}/${hash}`)
      await heading(page, title).waitFor()
    }

    it('asks for the key, refuses a wrong one, and forgets it unless it is asked to keep it', async () => {
      const page = await open()
      await signIn(page, { key: 'wrong' })
      await page.getByRole('alert').filter({ hasText: /./ }).waitFor()
      await signIn(page)
      await heading(page, 'Overview').waitFor()
      await page.reload()
      await signIn(page, { isRemembered: true })
      await heading(page, 'Overview').waitFor()
      await page.reload()
      await heading(page, 'Overview').waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      expect(await page.evaluate('sessionStorage.length')).toBe(0)
      expect(errors).toEqual([])
      await page.context().close()
    })

    it('leads from the first visit to a source, with a test of the token, by keyboard alone', async () => {
      const page = await open()
      await signIn(page)
      await page.getByText('Three steps to the first event').waitFor()
      const press = async (role: 'link' | 'button', name: string): Promise<void> => {
        await page.getByRole(role, { name, exact: true }).first().focus()
        await page.keyboard.press('Enter')
      }
      const type = async (label: string, text: string): Promise<void> => {
        await page.getByLabel(label, { exact: true }).focus()
        await page.keyboard.press('Control+A')
        await page.keyboard.type(text)
      }
      await press('link', 'Add source')
      // The page moves the focus there once the view is shown. What is typed before that would be lost.
      await page.locator('h1:focus').waitFor()
      await type('Name of the collector', 'Security')
      await page.keyboard.press('Enter')
      await type('Name', 'Acme')
      await type('Base URL', 'https://acme.1password.eu')
      await page.getByRole('button', { name: 'Use events.1password.eu' }).waitFor()
      await type('Base URL', system.account.url)
      await type('API token', 'wrong')
      await press('button', 'Test connection')
      await page.getByText('The connection does not work yet.').waitFor()
      expect(await page.getByLabel('API token', { exact: true }).getAttribute('aria-invalid')).toBe('true')
      await type('API token', system.account.token)
      await press('button', 'Test connection')
      await page.getByText('The connection works.').waitFor()
      await press('button', 'Add source')
      await heading(page, 'Acme').waitFor()
      await system.stage.idle()
      expect(await page.content()).not.toContain(system.account.token)
      expect(errors).toEqual([])
      await page.context().close()
    })

    it('shows what is wrong while 1Password refuses the token, restarts the source, and says what became of it', async () => {
      const page = await open()
      await signIn(page)
      await heading(page, 'Overview').waitFor()
      system.account.setMode('401')
      await system.tick()
      await goTo(page, '#/collection', 'Collection')
      await page.reload()
      await signIn(page)
      const status = page.getByRole('link', { name: 'Needs you: health events of Acme' })
      await status.focus()
      expect(await page.getByRole('tooltip').textContent()).toContain('401')
      await page.keyboard.press('Escape')
      expect(await page.getByRole('tooltip').count()).toBe(0)
      await page.keyboard.press('Enter')
      await heading(page, 'Health events').waitFor()
      await page.getByRole('row', { name: /open/ }).first().waitFor()
      system.account.setMode('ok')
      await page.getByRole('link', { name: 'Acme', exact: true }).first().click()
      await page.getByRole('button', { name: 'Restart' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Restart' }).click()
      await page.getByText('was requested').waitFor()
      await page.getByText('was restarted and is collecting').waitFor({ timeout: 60_000 })
      expect(errors).toEqual([])
      await page.context().close()
    })

    it('has no fault for axe-core and fits the window, at every view, light and dark', async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await open({ colorScheme, bypassCSP: true })
        await page.getByLabel('Access id').waitFor()
        expect(await findAxeFaults(page)).toEqual([])
        await signIn(page)
        await heading(page, 'Overview').waitFor()
        await page.locator('.chart').first().waitFor()
        await goTo(page, '#/collection', 'Collection')
        const address =
          (await page.getByRole('link', { name: 'Acme', exact: true }).getAttribute('href')) ?? ''
        const views = [
          ['#/', 'Overview'],
          ['#/collection', 'Collection'],
          [address, 'Acme'],
          [`${address}/edit`, 'Edit Acme'],
          ['#/events', 'Health events'],
          ['#/add', 'Add source'],
        ] as const
        for (const [hash, title] of views) {
          await goTo(page, hash, title)
          await page.waitForLoadState('networkidle')
          expect([title, await findAxeFaults(page)]).toEqual([title, []])
          for (const width of [360, 1280, 2000]) {
            await page.setViewportSize({ width, height: 900 })
            expect([title, width, await findOverflow(page)]).toEqual([title, width, 0])
          }
        }
        await page.context().close()
      }
      expect(errors).toEqual([])
    })

    it('deletes a source only when its name is typed', async () => {
      const page = await open()
      await signIn(page)
      await goTo(page, '#/collection', 'Collection')
      await page.getByRole('link', { name: 'Acme', exact: true }).click()
      await page.getByRole('button', { name: 'Delete' }).click()
      const dialog = page.getByRole('dialog')
      const action = dialog.getByRole('button', { name: 'Delete' })
      expect(await action.isDisabled()).toBe(true)
      await dialog.getByLabel('Type the name').fill('Acme')
      await action.click()
      await page.getByText('is being deleted').waitFor()
      expect(errors).toEqual([])
      await page.context().close()
    })
  },
)
