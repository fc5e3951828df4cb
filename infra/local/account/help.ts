import { MODE_NAMES, MODES } from './events-api/misbehaviours.ts'
import { TARGETS } from './events-api/switchboard.ts'

const modeLines = MODE_NAMES.map(name => `  ${name.padEnd(20)} ${MODES[name].description}`).join('\n')

export const HELP = `npm run account -- [options]

A simulated 1Password account: the Events API, v1 and v2, on this machine. Its people and events are made up from a seed.

  --port P             port on 127.0.0.1, 0 for a free one (default 8788)
  --seed S             another seed is another account (default 1)
  --days D             how many days its history goes back, up to 120 (default 30)
  --events-per-day N   events a day of each API (default 300 sign-ins, 1500 item usages, 120 audit events)
  --events FILE…       serve the events in these files instead, as written: Events API pages or NDJSON
  --token T            the token to accept (default: one made from the seed and the port)
  --help               this text

npm run account -- mode MODE [--feature FEATURE] [--url URL | --data DIR]

Switches an account that runs: the one at a URL, or the one that npm start runs on a data directory (default .local).

While it runs, on the same port:

  GET /control             what is switched, and how many requests there were
  PUT /control/mode        {"mode":"500","feature":"auditevents","times":3}
                           feature: ${TARGETS.join(', ')} (default all)
                           times: then ok again; afterRequests: begins after so many
  PUT /control/features    {"features":["signinattempts"]}: what the token may read

Modes:

${modeLines}
`
