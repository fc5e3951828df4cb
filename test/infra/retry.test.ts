import { expect, it } from 'vitest'
import { rendered } from './rendered.ts'
import { templateWith } from './synthesized.ts'

const [machine] = Object.values(templateWith().findResources('AWS::StepFunctions::StateMachine'))
const properties = rendered(machine?.['Properties']) as Record<string, unknown>

it('logs the whole history of each execution, in a log group whose name log delivery accepts', () => {
  expect(properties).toMatchObject({
    StateMachineType: 'STANDARD',
    RoleArn: '<RetryMachineRole.Arn>',
    LoggingConfiguration: {
      Level: 'ALL',
      IncludeExecutionData: true,
      Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: '<RetryLogs.Arn>' } }],
    },
  })
  templateWith({ stackName: 'Other' }).hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/vendedlogs/states/Other-Retry',
  })
})

it('invokes collect and nothing else', () => {
  const { States } = JSON.parse(properties['DefinitionString'] as string) as {
    States: Record<string, { Type: string; Resource?: string }>
  }
  const resources = Object.values(States).flatMap(({ Resource }) => Resource ?? [])
  expect([...new Set(resources)]).toEqual(['<CollectFunction.Arn>'])
})
