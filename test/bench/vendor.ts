import { type Server, startServer } from './server.ts'

export type Vendor = Server

export interface VendorSize {
  /** How many events each API has. */
  readonly events: number
  /** How long a request to an API takes, beside the work. */
  readonly delayMs: number
}

/** Starts an account. */
export const startVendor = ({ events, delayMs }: VendorSize): Promise<Vendor> =>
  startServer('vendor-process.ts', [events, delayMs])
