import { conditionsHold } from '../iam/conditions.ts'
import { readStatements } from '../iam/policy-document.ts'
import type { PolicyStatement, RoleResource } from './model.ts'
import { inside, type Problems } from './problems.ts'
import { toList } from './properties.ts'
import { ACCOUNT } from './pseudo-parameters.ts'
import { findByType, propertiesPlace, type Resource } from './resolved-template.ts'

/** Reads the roles with everything that policies of the template grant them. */
export const readRoles = (resources: readonly Resource[], problems: Problems): RoleResource[] =>
  findByType(resources, 'AWS::IAM::Role').map(role => {
    refuseManagedPolicies(role, problems)
    const { logicalId, name, arn } = role
    return { logicalId, name, arn, statements: readAttachedStatements(role, resources, problems) }
  })

/** A service that acts as a role for a resource. */
interface AssumedRole {
  readonly roleArn: string | undefined
  /** Where the resource names it, e.g. `Role`. */
  readonly path: string
  readonly by: Resource
  readonly service: string
}

/** Adds a problem unless the template has the role and its trust policy lets the service assume it. */
export function checkAssumedRole(
  { roleArn, path, by, service }: AssumedRole,
  resources: readonly Resource[],
  problems: Problems,
): void {
  const role = findByType(resources, 'AWS::IAM::Role').find(({ arn }) => arn === roleArn)
  const place = inside(propertiesPlace(by), path)
  if (!role) problems.add(place, `${roleArn} is not a role of this template`)
  if (role && !doesTrust(role, { service, by }, problems)) {
    problems.add(place, `${role.logicalId} does not let ${service} assume it`)
  }
}

function doesTrust(
  role: Resource,
  { service, by }: Pick<AssumedRole, 'service' | 'by'>,
  problems: Problems,
): boolean {
  const place = inside(propertiesPlace(role), 'AssumeRolePolicyDocument')
  const context = { 'aws:sourcearn': by.arn, 'aws:sourceaccount': ACCOUNT }
  return readStatements(role.properties['AssumeRolePolicyDocument'], place, problems).some(
    ({ effect, actions, principals, conditions }) =>
      effect === 'Allow' &&
      actions.includes('sts:assumerole') &&
      principals?.includes(service) &&
      conditionsHold(conditions, context),
  )
}

/** The content of AWS's own policies is not known here. */
function refuseManagedPolicies(role: Resource, problems: Problems): void {
  const place = inside(propertiesPlace(role), 'ManagedPolicyArns')
  for (const [index, arn] of toList(role.properties['ManagedPolicyArns']).entries())
    problems.add(inside(place, index), `${arn} is a policy not known to the local stage`)
}

const readAttachedStatements = (
  role: Resource,
  resources: readonly Resource[],
  problems: Problems,
): PolicyStatement[] =>
  findByType(resources, 'AWS::IAM::Policy')
    .filter(policy => toList(policy.properties['Roles']).includes(role.name))
    .flatMap(policy => {
      const place = inside(propertiesPlace(policy), 'PolicyDocument')
      return readStatements(policy.properties['PolicyDocument'], place, problems)
    })
