import { DESTINATION_KINDS } from '../../shared/contract/destinations.ts'
import type { Option } from '../command-line/options.ts'

const TABLE = {
  once: {
    text: 'Register the source, run one tick, collect until nothing is left, print a summary of each task and end. The exit code is 0 if every API of the source was collected to the end; otherwise it is 1, and the reasons are printed.',
  },
  data: {
    value: 'DIR',
    text: 'Where everything is kept: tables, secrets, logs, and events under DIR/lake. Default: .local',
  },
  port: { value: 'PORT', text: 'Port of the admin URL on 127.0.0.1; 0 picks a free one. Default: 8787' },
  speed: {
    value: 'N',
    text: 'Virtual time runs N times faster than real time. The five minutes between ticks, time-outs and waits become shorter; only network connections keep some real seconds. At most 1000. Default: 1',
  },
  seed: {
    value: 'SEED',
    text: 'Seed of the simulated account. Another seed makes other people and events. Default: 1',
  },
  days: { value: 'DAYS', text: 'How far back the simulated account has events, at most 120. Default: 7' },
  events: {
    value: 'FILE…',
    text: 'The simulated account serves the events of these files instead: Events API pages or one event on a line.',
  },
  destination: {
    value: 'KIND',
    text: `The events go to a simulated destination, too: ${DESTINATION_KINDS.join(', ')}. What it has taken lies in DIR/destinations.`,
  },
  'no-account': { text: 'Start without a simulated account and with no source registered.' },
  'access-id': {
    value: 'ID',
    text: 'Fixed access id of the admin URL, with --access-key. Default: generated',
  },
  'access-key': {
    value: 'KEY',
    text: 'Fixed access key of the admin URL, with --access-id. Default: generated',
  },
  help: { text: 'Print this.' },
} as const

export type OptionName = keyof typeof TABLE

export const OPTIONS: Readonly<Record<OptionName, Option>> = TABLE
