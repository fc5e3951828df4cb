import { formatHelp } from '../../command-line/help.ts'
import { HELP_OPTION } from '../../command-line/options.ts'
import { MODE_NAMES, MODES } from '../../local/account/events-api/misbehaviours.ts'
import { TARGETS } from '../../local/account/events-api/switchboard.ts'
import { DESTINATION_MODE_NAMES, DESTINATION_MODES } from '../../local/destination/modes.ts'
import { ACCOUNT_OPTIONS, MODE_OPTIONS } from './options.ts'

const CONTROL_CALLS = {
  'GET /control': 'Shows what is switched, and how many requests there were.',
  'PUT /control/mode': `{"mode":"500","feature":"auditevents","times":3}\nfeature: ${TARGETS.join(', ')}; default: all\ntimes: so many requests, then ok again\nafterRequests: the mode begins after so many requests`,
  'PUT /control/features': '{"features":["signinattempts"]}\nfeatures: what the token may read',
}

export const HELP = formatHelp({
  purpose:
    'Runs a simulated 1Password account: the Events API, v1 and v2, on this machine. Its people and events are made up from a seed.',
  usages: [
    { line: 'npm run account -- [options]', text: 'Starts an account.' },
    {
      line: 'npm run account -- mode MODE [--feature FEATURE] [--url URL | --data DIR]',
      text: 'Switches an account that runs to another mode.',
    },
    {
      line: 'npm run account -- mode MODE --destination KIND [--data DIR]',
      text: 'Switches a simulated destination.',
    },
  ],
  options: { ...ACCOUNT_OPTIONS, ...MODE_OPTIONS, help: HELP_OPTION },
  sections: [
    {
      title: 'Modes of a destination',
      rows: Object.fromEntries(
        DESTINATION_MODE_NAMES.map(name => [name, DESTINATION_MODES[name].description]),
      ),
    },
    {
      title: 'Modes',
      rows: Object.fromEntries(MODE_NAMES.map(name => [name, MODES[name].description])),
    },
    { title: 'While it runs, it answers on the same port', rows: CONTROL_CALLS },
  ],
})
