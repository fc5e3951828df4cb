import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../../infra/commands/console/command-line.ts'

const URL_EU = 'https://abc.lambda-url.eu-west-1.on.aws/'

const placeOf = (...argv: string[]) => {
  const line = readCommandLine(argv)
  return line.command === 'serve' ? line.place : undefined
}

describe('the command line of npm run console', () => {
  it('means the local stage, unless it names a deployed one', () => {
    expect(readCommandLine([])).toEqual({ command: 'serve', place: { dataDir: '.local' }, port: 8790 })
    expect(placeOf('--data', 'x')).toEqual({ dataDir: 'x' })
    expect(readCommandLine(['--help', '--port', 'x'])).toEqual({ command: 'help' })
  })

  it('finds the region in the URL of a function', () => {
    expect(placeOf('--url', URL_EU)).toEqual({ url: new URL(URL_EU), region: 'eu-west-1' })
    expect(placeOf('--url', 'https://own.example', '--region', 'us-east-1')).toMatchObject({
      region: 'us-east-1',
    })
  })

  it('takes the access key of a secret in the place of signatures', () => {
    expect(placeOf('--url', URL_EU, '--secret', 'arn:x')).toEqual({ url: new URL(URL_EU), secretId: 'arn:x' })
  })

  it.each([
    [['--url', 'http://abc.lambda-url.eu-west-1.on.aws/'], '--url must be https://host'],
    [['--url', `${URL_EU}api`], '--url must be https://host'],
    [['--url', 'https://user:pass@own.example'], '--url must be https://host'],
    [['--url', 'own'], '--url must be https://host'],
    [['--url', 'https://own.example'], '--region is needed'],
    [['--secret', 'arn:x'], '--secret belongs to a deployed stack'],
    [['--region', 'eu-west-1'], '--region belongs to a deployed stack'],
    [['--url', URL_EU, '--data', 'x'], 'leave one out'],
    [['--port', '65536'], '--port must be'],
    [['more'], 'belongs to no option'],
  ])('refuses %j and says why', (argv, why) => {
    expect(() => readCommandLine(argv)).toThrow(why)
  })
})
