import { beforeEach, describe, expect, it } from 'vitest'
import { newAccessKey } from '../../shared/adapters/access-key-store.ts'
import type { AccessKeyStore } from '../../shared/ports.ts'

/** What every store of the access key must do, in the emulator and in an account. `open` makes the secret, what it returns a store. */
export function accessKeyContract(kind: string, open: () => Promise<() => AccessKeyStore>): void {
  describe(`access key ${kind}`, () => {
    let one: AccessKeyStore
    let two: AccessKeyStore
    beforeEach(async () => {
      const newStore = await open()
      one = newStore()
      two = newStore()
    })

    it('lets one of two rotations win, and the other one returns false', async () => {
      const [{ version }, seen] = [await one.read(), await two.read()]
      const [first, second] = [newAccessKey(), newAccessKey()]
      expect(await one.replace(first, version)).toBe(true)
      expect(await two.replace(second, seen.version)).toBe(false)
      expect((await two.read()).record).toEqual(first)
    })

    it('keeps the key before with the time until which it is valid', async () => {
      const { record, version } = await one.read()
      const previous = { accessId: record.accessId, accessKey: record.accessKey }
      const next = { ...newAccessKey(), previous: { ...previous, validUntil: '2026-03-01T00:00:00.000Z' } }
      expect(await one.replace(next, version)).toBe(true)
      expect((await two.read()).record).toEqual(next)
    })
  })
}
