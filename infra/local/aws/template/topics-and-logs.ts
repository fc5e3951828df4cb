import { readStatements } from '../iam/policy-document.ts'
import type { LogGroupResource, PolicyStatement, TopicResource } from './model.ts'
import { inside, type Place, type Problems } from './problems.ts'
import { defined, list, text } from './properties.ts'
import type { Resource } from './resolved-template.ts'
import { ofType, propertiesOf, statementsAbout } from './storage.ts'

/** What people and other systems are told through: topics and log groups. */

export const readTopics = (resources: readonly Resource[], problems: Problems): TopicResource[] =>
  ofType(resources, 'AWS::SNS::Topic').map(({ logicalId, name, arn, ref, properties }) =>
    defined({
      logicalId,
      name,
      arn,
      keyArn: text(properties['KmsMasterKeyId']),
      policy: statementsAbout(
        resources,
        'AWS::SNS::TopicPolicy',
        policy => list(policy.properties['Topics']).includes(ref),
        problems,
      ),
    }),
  )

export function readLogGroups(resources: readonly Resource[], problems: Problems): LogGroupResource[] {
  // A policy of CloudWatch Logs is the account's: its statements say which groups it is about.
  const policy = ofType(resources, 'AWS::Logs::ResourcePolicy').flatMap(each => statementsOf(each, problems))
  return ofType(resources, 'AWS::Logs::LogGroup').map(({ logicalId, name, arn, constructPath }) => ({
    logicalId,
    name,
    arn,
    file: (constructPath.split('/')[1] ?? logicalId).toLowerCase(),
    policy,
  }))
}

/** The document is JSON text. */
function statementsOf(resource: Resource, problems: Problems): PolicyStatement[] {
  const place = inside(propertiesOf(resource), 'PolicyDocument')
  return readStatements(documentIn(resource, place, problems), place, problems)
}

function documentIn({ properties }: Resource, place: Place, problems: Problems): unknown {
  try {
    return JSON.parse(text(properties['PolicyDocument']) ?? '')
  } catch {
    problems.add(place, 'is no JSON text')
    return undefined
  }
}
