/**
 * Regions in which Lambda has no function URLs: those of AWS's developer guide ("Creating and managing Lambda function
 * URLs") and those in which CloudFormation knows no AWS::Lambda::Url (schemas of cfn-lint 1.51.0). Both as of November
 * 2026.
 */
export const REGIONS_WITHOUT_URLS: ReadonlySet<string> = new Set([
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'cn-northwest-1',
  'eu-central-2',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'mx-central-1',
  'us-gov-east-1',
  'us-gov-west-1',
])

/**
 * Returns why the setting adminUrl must be given in a region, and what to do. Returns undefined if it may be left
 * out.
 */
export const findUrlFault = (region: string | undefined): string | undefined =>
  region !== undefined && REGIONS_WITHOUT_URLS.has(region)
    ? `adminUrl must be given in ${region}, where Lambda had no function URLs in November 2026: with off the management API ` +
      'is called through aws lambda invoke (docs/deploy.md says how); with on the deployment tries it, and fails if there are none'
    : undefined
