import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT } from './guide.ts'
import { MADE_PAGES } from './made-pages.ts'

for (const [file, makePage] of Object.entries(MADE_PAGES)) writeFileSync(join(PROJECT, file), makePage())
