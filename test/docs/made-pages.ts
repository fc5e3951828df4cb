import { makeDetectionsPage } from './detections-page.ts'
import { makeOcsfPage } from './ocsf-page.ts'

/** The documents that are made from the code. */
export const MADE_PAGES: Readonly<Record<string, () => string>> = {
  'docs/detections.md': makeDetectionsPage,
  'docs/ocsf.md': makeOcsfPage,
}
