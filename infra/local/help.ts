import { formatHelp } from '../command-line/help.ts'
import { OPTIONS } from './option-table.ts'

const SCRIPTS: Readonly<Record<string, string>> = {
  'npm start':
    'This command. It runs the deployed system on one machine and collects from a simulated or a real account.',
  'npm run account': 'The simulated account alone; -- --help lists its options.',
  'npm run console': 'The Collection page with calls that are proved for you; -- --help lists its options.',
  'npm run access-key':
    'Shows or replaces the access key of the admin URL, here or on AWS; -- --help lists its options.',
  'npm run metrics':
    'What the functions of the local stage have sent as metrics; -- --help lists its options.',
  'npm run cost': 'What the sources cost in a month on AWS, counted here; -- --help lists its options.',
  'npm run synth': 'Write the CloudFormation template that both AWS and this command run, to cdk.out.',
  'npm run deploy': 'Deploy to AWS.',
  'npm run destroy':
    'Remove what was deployed; data is kept unless the setting removalPolicy says otherwise.',
  'npm test': 'The tests.',
  'npm run check': 'Types, lint, architecture and tests.',
}

const VARIABLES: Readonly<Record<string, string>> = {
  OP_EVENTS_TOKEN:
    'Token of a real account. If it is set, that account is collected from instead of a simulated one, with all features of the token.',
  OP_EVENTS_BASE_URL:
    'Address of its Events API, e.g. https://events.1password.eu. Default: the address in the token.',
}

export const HELP = formatHelp({
  purpose: 'Runs the system on this machine, for trying, developing and testing.',
  usages: [{ line: 'npm start -- [options]' }],
  options: OPTIONS,
  sections: [
    { title: 'Environment', rows: VARIABLES },
    { title: 'Other commands', rows: SCRIPTS },
  ],
  notes: ['Ctrl-C ends it: runs in flight get some seconds to finish. A second Ctrl-C ends it at once.'],
})
