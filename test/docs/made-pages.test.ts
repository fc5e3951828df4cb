import { describe, expect, it } from 'vitest'
import { readText } from './guide.ts'
import { MADE_PAGES } from './made-pages.ts'

describe('a page that is made from the code', () => {
  it.each(Object.entries(MADE_PAGES))('%s says what the code says', (file, makePage) => {
    // If this fails: npm run docs
    expect(readText(file)).toBe(makePage())
  })
})
