/**
 * An app that signs in and uses items. All members are strings, even versions (docs/reference/events-api.md, "Shared
 * objects").
 */
export interface ClientApp {
  readonly app_name: string
  readonly app_version: string
  readonly platform_name: string
  readonly platform_version: string
  readonly os_name: string
  readonly os_version: string
}

const app = (
  app_name: string,
  app_version: string,
  platform_name: string,
  platform_version: string,
  os_name: string,
  os_version: string,
): ClientApp => ({ app_name, app_version, platform_name, platform_version, os_name, os_version })

export const MODERN_APPS: readonly ClientApp[] = [
  app('1Password for Mac', '81114020', 'MacBookPro18,3', '', 'MacOSX', '14.6.1'),
  app('1Password for Mac', '81118011', 'Mac15,6', '', 'MacOSX', '15.1'),
  app('1Password for Windows', '81116030', 'Intel(R) Core(TM) i7-1365U', '', 'Windows', '10.0.22631'),
  app('1Password for Linux', '81112004', 'x86_64', '', 'Linux', '6.8.0'),
  app('1Password for iOS', '81118008', 'iPhone16,1', '', 'iOS', '18.1'),
  app('1Password for Android', '81117001', 'Pixel 8', '', 'Android', '15'),
  app('1Password Browser Extension', '81121010', 'Chrome', '130.0.6723.92', 'MacOSX', '10.15.7'),
  app('1Password Browser Extension', '81120009', 'Firefox', '132.0', 'Windows', '10.0'),
  app('1Password for Web', '1965', 'Safari', '18.1', 'MacOSX', '10.15.7'),
  app('1Password CLI', '2030001', 'arm64', '', 'Linux', '6.1'),
]

/** Apps from before 8.4.0 report item usages without an action (docs/reference/events-api.md, "Item usages"). */
export const OLD_APPS: readonly ClientApp[] = [
  app('1Password for Mac', '70907001', 'MacBookPro16,1', '', 'MacOSX', '12.7.6'),
  app('1Password Extension', '20127', 'Chrome', '94.0.4606.81', 'MacOSX', '10.15.6'),
]
