import { expect, test } from 'vitest'
import { readDeployment } from '../../template/deployment.ts'
import { writeAssembly } from '../support/assembly-on-disk.ts'

const findUrl = () => 'http://127.0.0.1:1/'

const role = (Service: string, Condition?: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service },
          ...(Condition && { Condition }),
        },
      ],
    },
  },
})

const FUNCTION = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Key: 'code.zip' },
    Handler: 'index.handler',
    Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
    Runtime: 'nodejs24.x',
  },
}

/** The definition is JSON text, with a reference in the place of `<function>`. */
function machine(definition: object, more: object = {}) {
  const [before, ...after] = JSON.stringify(definition).split('<function>')
  const parts = [before, ...after.flatMap(part => [{ 'Fn::GetAtt': ['Function', 'Arn'] }, part])]
  return {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      DefinitionString: { 'Fn::Join': ['', parts] },
      RoleArn: { 'Fn::GetAtt': ['MachineRole', 'Arn'] },
      ...more,
    },
    Metadata: { 'aws:cdk:path': 'Stack/Retry/Machine/Resource' },
  }
}

const ASK = { Type: 'Task', Resource: '<function>', Next: 'Done' }
const VALID = { StartAt: 'Ask', TimeoutSeconds: 60, States: { Ask: ASK, Done: { Type: 'Succeed' } } }

const RESOURCES = {
  FunctionRole: role('lambda.amazonaws.com'),
  MachineRole: role('states.amazonaws.com', {
    ArnLike: { 'aws:SourceArn': 'arn:aws:states:us-east-1:000000000000:stateMachine:*' },
    StringEquals: { 'aws:SourceAccount': '000000000000' },
  }),
  RuleRole: role('events.amazonaws.com'),
  Function: FUNCTION,
  Machine: machine(VALID),
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['x'] },
      Targets: [{ Id: 'T', Arn: { Ref: 'Machine' }, RoleArn: { 'Fn::GetAtt': ['RuleRole', 'Arn'] } }],
    },
  },
}

const reading = async (changed: object) => {
  const assemblyFolder = await writeAssembly({ ...RESOURCES, ...changed } as Parameters<
    typeof writeAssembly
  >[0])
  return () => readDeployment({ assemblyFolder, findUrl })
}

test('reads a state machine with its definition and role, and the rule that starts it', async () => {
  const { stateMachines, rules } = (await reading({}))()
  const arn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Stack-Machine'
  expect(stateMachines).toEqual([
    {
      logicalId: 'Machine',
      name: 'Stack-Machine',
      arn,
      roleArn: 'arn:aws:iam::000000000000:role/Stack-MachineRole',
      file: 'retry',
      definition: {
        ...VALID,
        States: {
          ...VALID.States,
          Ask: { ...ASK, Resource: 'arn:aws:lambda:us-east-1:000000000000:function:Stack-Function' },
        },
      },
    },
  ])
  expect(rules[0]?.targets).toMatchObject([{ arn, roleArn: 'arn:aws:iam::000000000000:role/Stack-RuleRole' }])
})

test.each([
  ['no JSON', '{', 'DefinitionString: is no JSON text'],
  [
    'parallel states',
    { StartAt: 'A', States: { A: { Type: 'Parallel' } } },
    'States.A.Type: Parallel is a type of state that does not run here',
  ],
  [
    'a field that nobody would honour',
    { ...VALID, States: { ...VALID.States, Ask: { ...ASK, HeartbeatSeconds: 5 } } },
    'States.Ask.HeartbeatSeconds: is not known',
  ],
  ['JSONata', { ...VALID, QueryLanguage: 'JSONata' }, 'DefinitionString.QueryLanguage: is not known'],
  [
    'a resource that is no function',
    { ...VALID, States: { ...VALID.States, Ask: { ...ASK, Resource: 'arn:aws:states:::sns:publish' } } },
    'States.Ask.Resource: arn:aws:states:::sns:publish is no function of this template',
  ],
  ['a beginning nowhere', { ...VALID, StartAt: 'Gone' }, 'StartAt: leads to Gone, which is no state'],
  [
    'a choice that leads nowhere',
    {
      ...VALID,
      States: {
        ...VALID.States,
        Done: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'Gone' }] },
      },
    },
    'States.Done: leads to Gone, which is no state',
  ],
])('refuses %s', async (_, definition, problem) => {
  const properties = typeof definition === 'string' ? { DefinitionString: definition } : {}
  const read = await reading({
    Machine: machine(typeof definition === 'string' ? {} : definition, properties),
  })
  expect(read).toThrow(problem)
})

test('refuses an express machine, and roles that the services may not assume', async () => {
  const read = await reading({
    Machine: machine(VALID, { StateMachineType: 'EXPRESS' }),
    MachineRole: role('states.amazonaws.com', { StringEquals: { 'aws:SourceAccount': '123456789012' } }),
    RuleRole: role('lambda.amazonaws.com'),
  })
  expect(read).toThrow('Properties.StateMachineType: EXPRESS is not STANDARD')
  expect(read).toThrow('Properties.RoleArn: MachineRole does not let states.amazonaws.com assume it')
  expect(read).toThrow('Properties.Targets[0].RoleArn: RuleRole does not let events.amazonaws.com assume it')
})
