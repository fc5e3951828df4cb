import { App } from 'aws-cdk-lib'
import { CollectionStack } from './collection-stack.ts'
import { type Settings, settingsFrom } from './settings.ts'

const app = new App({ analyticsReporting: false })
const settings = settingsOf(app)
new CollectionStack(app, settings.stackName, { settings })

function settingsOf({ node }: App): Settings {
  try {
    // The CDK's CLI tells the region of the deployment in this variable.
    return settingsFrom(node.getAllContext(), process.env['CDK_DEFAULT_REGION'])
  } catch (error) {
    // The message alone: a stack trace would bury what the user has to mend.
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(1)
  }
}
