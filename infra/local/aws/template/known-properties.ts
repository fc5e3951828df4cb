/**
 * Every resource type and property that is understood. A path (`[]` is any index, `.**` is anything below) leads to
 * HONOURED, or to the reason why it has no effect on one machine. Anything else in a template is refused by name.
 */
const HONOURED = 'honoured'
/** The property is listed only so that another check can refuse it with a better reason. */
const REFUSED = 'refused'

const DURABILITY = 'the data directory is the user’s to keep and to back up'
const DOCUMENTATION = 'words for people'
const AT_REST = 'encryption at rest is left to the machine’s disk'
const KEY_POLICY =
  'the key’s own policy decides whether services of AWS may use the key, and that policy is in no template here'
const ATHENA = 'the catalog is Athena’s; the folders it describes are the same here'
const ALARMS = 'alarms are CloudWatch’s; the metrics that they watch are kept in the data directory'
const DASHBOARD = 'the console shows what happens, and npm run metrics the metrics'
const NO_MAIL = 'no mail leaves the machine: a topic is a file to read'
const NOBODY_ELSE = 'only the gateway’s own callers reach the bucket'

export type KnownProperties = Readonly<Record<string, string>>

export const KNOWN_PROPERTIES: Readonly<Record<string, KnownProperties>> = {
  'AWS::DynamoDB::GlobalTable': {
    'AttributeDefinitions.**': HONOURED,
    'KeySchema.**': HONOURED,
    BillingMode: 'nothing is billed, and throughput is the disk’s',
    'Replicas[].Region': 'there is one region',
    'Replicas[].DeletionProtectionEnabled': DURABILITY,
    'Replicas[].PointInTimeRecoverySpecification.**': DURABILITY,
    'Replicas[].SSESpecification.KMSMasterKeyId': HONOURED,
    'SSESpecification.**': AT_REST,
    'TimeToLiveSpecification.**': 'expired items are not asked for; on one machine they stay on the disk',
  },
  'AWS::S3::Bucket': {
    'BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.KMSMasterKeyID':
      HONOURED,
    'BucketEncryption.**': AT_REST,
    'LifecycleConfiguration.**': DURABILITY,
    'PublicAccessBlockConfiguration.**': NOBODY_ELSE,
  },
  'AWS::S3::BucketPolicy': { Bucket: HONOURED, 'PolicyDocument.**': HONOURED },
  'AWS::Glue::Database': { CatalogId: ATHENA, 'DatabaseInput.**': ATHENA },
  'AWS::Glue::Table': { CatalogId: ATHENA, DatabaseName: ATHENA, 'TableInput.**': ATHENA },
  'AWS::SecretsManager::Secret': {
    Description: DOCUMENTATION,
    KmsKeyId: HONOURED,
    'GenerateSecretString.SecretStringTemplate': HONOURED,
    'GenerateSecretString.GenerateStringKey': HONOURED,
    'GenerateSecretString.PasswordLength': HONOURED,
    'GenerateSecretString.ExcludePunctuation': HONOURED,
  },
  'AWS::Events::EventBus': { Name: HONOURED, Description: DOCUMENTATION },
  'AWS::Events::Rule': {
    Description: DOCUMENTATION,
    EventBusName: HONOURED,
    'EventPattern.**': HONOURED,
    ScheduleExpression: HONOURED,
    State: HONOURED,
    'Targets[].Id': HONOURED,
    'Targets[].Arn': HONOURED,
    'Targets[].RoleArn': HONOURED,
    'Targets[].Input': HONOURED,
    'Targets[].InputPath': HONOURED,
    'Targets[].InputTransformer.InputTemplate': HONOURED,
    'Targets[].InputTransformer.InputPathsMap.**': HONOURED,
    'Targets[].DeadLetterConfig.Arn': HONOURED,
    'Targets[].RetryPolicy.MaximumEventAgeInSeconds': HONOURED,
    'Targets[].RetryPolicy.MaximumRetryAttempts': HONOURED,
  },
  'AWS::SQS::Queue': {
    MessageRetentionPeriod: DURABILITY,
    SqsManagedSseEnabled: AT_REST,
    KmsMasterKeyId: HONOURED,
  },
  'AWS::SQS::QueuePolicy': { 'Queues.**': HONOURED, 'PolicyDocument.**': HONOURED },
  'AWS::IAM::Role': {
    'AssumeRolePolicyDocument.**': HONOURED,
    'ManagedPolicyArns.**': REFUSED,
  },
  'AWS::IAM::Policy': { PolicyName: DOCUMENTATION, 'Roles.**': HONOURED, 'PolicyDocument.**': HONOURED },
  'AWS::Lambda::Function': {
    Description: DOCUMENTATION,
    'Architectures.**': 'the bundle is JavaScript: it runs on this machine’s architecture',
    'Code.S3Bucket': 'the bundle is taken from the cloud assembly itself',
    'Code.S3Key': HONOURED,
    'Environment.Variables.**': HONOURED,
    Handler: HONOURED,
    MemorySize: HONOURED,
    ReservedConcurrentExecutions: HONOURED,
    Role: HONOURED,
    Runtime: HONOURED,
    Timeout: HONOURED,
    'LoggingConfig.**': 'logs go to the data directory',
  },
  'AWS::Lambda::EventInvokeConfig': {
    FunctionName: HONOURED,
    Qualifier: HONOURED,
    MaximumEventAgeInSeconds: HONOURED,
    MaximumRetryAttempts: HONOURED,
    'DestinationConfig.OnFailure.Destination': HONOURED,
  },
  'AWS::Lambda::Permission': {
    Action: HONOURED,
    FunctionName: HONOURED,
    FunctionUrlAuthType: HONOURED,
    InvokedViaFunctionUrl: HONOURED,
    Principal: HONOURED,
    SourceArn: HONOURED,
  },
  'AWS::Lambda::Url': { AuthType: HONOURED, TargetFunctionArn: HONOURED },
  'AWS::StepFunctions::StateMachine': {
    StateMachineType: HONOURED,
    DefinitionString: HONOURED,
    RoleArn: HONOURED,
    'LoggingConfiguration.**': 'the history of every execution is in the data directory',
  },
  'AWS::Logs::LogGroup': { LogGroupName: HONOURED, RetentionInDays: DURABILITY, KmsKeyId: KEY_POLICY },
  'AWS::Logs::ResourcePolicy': { PolicyName: DOCUMENTATION, PolicyDocument: HONOURED },
  'AWS::SNS::Topic': { KmsMasterKeyId: HONOURED },
  'AWS::SNS::TopicPolicy': { 'Topics.**': HONOURED, 'PolicyDocument.**': HONOURED },
  'AWS::SNS::Subscription': { Endpoint: NO_MAIL, Protocol: NO_MAIL, TopicArn: NO_MAIL },
  'AWS::CloudWatch::Dashboard': { DashboardName: DASHBOARD, DashboardBody: DASHBOARD },
  'AWS::CloudWatch::Alarm': Object.fromEntries(
    [
      'AlarmActions.**',
      'AlarmDescription',
      'AlarmName',
      'ComparisonOperator',
      'DatapointsToAlarm',
      'Dimensions.**',
      'EvaluationPeriods',
      'MetricName',
      'Namespace',
      'OKActions.**',
      'Period',
      'Statistic',
      'Threshold',
      'TreatMissingData',
    ].map(name => [name, ALARMS]),
  ),
}

/** What a resource may have beside its properties. All of it is about how AWS deploys, not about what runs. */
export const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  'Type',
  'Properties',
  'Metadata',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
])

export const KNOWN_SECTIONS: ReadonlySet<string> = new Set(['Description', 'Resources', 'Outputs'])
