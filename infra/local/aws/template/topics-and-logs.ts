import { readStatements } from '../iam/policy-document.ts'
import type { LogGroupResource, PolicyStatement, TopicResource } from './model.ts'
import { inside, type Place, type Problems } from './problems.ts'
import { toList, toText, withoutUndefined } from './properties.ts'
import { findByType, propertiesPlace, type Resource, toDataName } from './resolved-template.ts'
import { readStatementsAbout } from './storage.ts'

export const readTopics = (resources: readonly Resource[], problems: Problems): TopicResource[] =>
  findByType(resources, 'AWS::SNS::Topic').map(({ logicalId, name, arn, ref, properties }) =>
    withoutUndefined({
      logicalId,
      name,
      arn,
      keyArn: toText(properties['KmsMasterKeyId']),
      policy: readStatementsAbout(
        resources,
        'AWS::SNS::TopicPolicy',
        policy => toList(policy.properties['Topics']).includes(ref),
        problems,
      ),
    }),
  )

export function readLogGroups(resources: readonly Resource[], problems: Problems): LogGroupResource[] {
  // A policy of CloudWatch Logs belongs to the account. Its statements say which groups it is about.
  const policy = findByType(resources, 'AWS::Logs::ResourcePolicy').flatMap(each =>
    readPolicyStatements(each, problems),
  )
  return findByType(resources, 'AWS::Logs::LogGroup').map(({ logicalId, name, arn, constructPath }) => ({
    logicalId,
    name,
    arn,
    file: toDataName({ constructPath, logicalId }),
    policy,
  }))
}

/** Reads the statements of a policy whose document is JSON text. */
function readPolicyStatements(resource: Resource, problems: Problems): PolicyStatement[] {
  const place = inside(propertiesPlace(resource), 'PolicyDocument')
  return readStatements(parseDocument(resource, place, problems), place, problems)
}

function parseDocument({ properties }: Resource, place: Place, problems: Problems): unknown {
  try {
    return JSON.parse(toText(properties['PolicyDocument']) ?? '')
  } catch {
    problems.add(place, 'is no JSON text')
    return undefined
  }
}
