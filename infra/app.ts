import { App } from 'aws-cdk-lib'
import { CollectionStack } from './collection-stack.ts'
import { parseSettings, type Settings } from './settings.ts'

const app = new App({ analyticsReporting: false })
const settings = readSettings(app)
new CollectionStack(app, settings.stackName, { settings })

function readSettings({ node }: App): Settings {
  try {
    // The CDK CLI sets this variable to the region of the deployment.
    return parseSettings(node.getAllContext(), process.env['CDK_DEFAULT_REGION'])
  } catch (error) {
    // Only the message is shown. A stack trace would hide what the user has to correct.
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(1)
  }
}
