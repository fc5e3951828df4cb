import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createClock } from '../../clock/clock.ts'
import { createFunctionEnvironment } from '../../lambda/environment.ts'
import { stretchTimeoutMs } from '../../lambda/sandbox.ts'
import { aFunction, aPool, temporaryFolder, writeBundle } from '../support/local-functions.ts'

const answer = async (invoked: Promise<{ payload: string }>) => JSON.parse((await invoked).payload)

test('passes the event and a context like that of Lambda to the bundle', async () => {
  const codeFolder = writeBundle(`return { event, left: context.getRemainingTimeInMillis(), ...context }`)
  const { pool } = aPool({ codeFolder, timeoutMs: 5000, memoryMb: 256 })
  const given = await answer(pool.invoke('{"a":1}', 'the-request'))
  expect(given).toMatchObject({
    event: { a: 1 },
    awsRequestId: 'the-request',
    functionName: 'Stack-WorkFunction12345678',
    invokedFunctionArn: aFunction().arn,
    memoryLimitInMB: '256',
  })
  expect(given.left).toBeGreaterThan(4000)
  expect(given.left).toBeLessThanOrEqual(5000)
})

test('sets the variables of the template and of Lambda, and none of this process', async () => {
  process.env['SECRET_OF_THE_PARENT'] = 'seen'
  const credentials = { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' }
  const resource = aFunction({ environment: { TASKS_TABLE: 'tasks', AWS_REGION: 'overridden' } })
  const environment = createFunctionEnvironment({
    resource,
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    credentials,
  })
  const { pool } = aPool({ codeFolder: writeBundle('return process.env') }, { environment })
  const seen = await answer(pool.invoke('{}'))
  expect(seen).toEqual(environment)
  expect(seen).toMatchObject({
    TASKS_TABLE: 'tasks',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: resource.name,
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_SESSION_TOKEN: 'token',
  })
})

test('hides the home folder of the machine', async () => {
  const { pool } = aPool({ codeFolder: writeBundle(`return (await import('node:os')).homedir()`) })
  expect(await answer(pool.invoke('{}'))).toBe('/home/sbx_user1051')
})

test('keeps the function on virtual time: Date, timers, their promises and time-out signals', async () => {
  const codeFolder = writeBundle(`
    const { setTimeout: wait } = await import('node:timers/promises')
    const from = Date.now()
    await new Promise(resolve => setTimeout(resolve, 20_000))
    await wait(20_000)
    await new Promise(resolve => AbortSignal.timeout(20_000).addEventListener('abort', resolve))
    let beats = 0
    await new Promise(resolve => { const beat = setInterval(() => { if (++beats === 2) { clearInterval(beat); resolve() } }, 10_000) })
    return { tookMs: Date.now() - from, now: new Date().getTime(), instance: new Date() instanceof Date, text: typeof Date() }`)
  const clock = createClock({ speed: 1000, startMs: Date.UTC(2030, 0) })
  const { pool } = aPool({ codeFolder, timeoutMs: 600_000 }, { clock })
  const beganMs = performance.now()
  const { tookMs, now, instance, text } = await answer(pool.invoke('{}'))
  expect(performance.now() - beganMs).toBeLessThan(5000)
  expect(tookMs).toBeGreaterThanOrEqual(80_000)
  expect(new Date(now).getUTCFullYear()).toBe(2030)
  expect({ instance, text }).toEqual({ instance: true, text: 'string' })
})

/** Answers the real milliseconds of: a callback of `ms`, a time-out signal of `ms`, a wait of `ms`. */
const PACES = `
  const { setTimeout: wait } = await import('node:timers/promises')
  const realMs = async work => {
    const from = process.hrtime.bigint()
    await work()
    return Number(process.hrtime.bigint() - from) / 1e6
  }
  return {
    callback: await realMs(() => new Promise(resolve => setTimeout(resolve, event.ms))),
    signal: await realMs(() => new Promise(resolve => AbortSignal.timeout(event.ms).addEventListener('abort', resolve))),
    wait: await realMs(() => wait(event.ms)),
  }`

test('leaves callbacks and time-out signals a second of real time, however fast virtual time runs, and waits none', async () => {
  const clock = createClock({ speed: 1000 })
  const { pool } = aPool({ codeFolder: writeBundle(PACES), timeoutMs: 240_000 }, { clock })
  const [long, short] = await Promise.all([
    answer(pool.invoke('{"ms":20000}')),
    answer(pool.invoke('{"ms":200}')),
  ])
  for (const [took, leastMs] of [
    [long, 1000],
    [short, 200],
  ]) {
    for (const realMs of [took.callback, took.signal]) {
      expect(realMs).toBeGreaterThanOrEqual(leastMs - 2)
      expect(realMs).toBeLessThan(leastMs + 800)
    }
    expect(took.wait).toBeLessThan(150)
  }
})

test('fires a callback at once on a jump over its end, however fast virtual time runs', async () => {
  const body = `
    const rested = new Promise(resolve => setTimeout(resolve, 3_600_000))
    console.log('asleep')
    await rested
    return 'awake'`
  const clock = createClock({ speed: 1000 })
  const { pool, output } = aPool({ codeFolder: writeBundle(body), timeoutMs: 7_200_000 }, { clock })
  const beganMs = performance.now()
  const invoked = pool.invoke('{}')
  await expect.poll(() => output.length, { interval: 5 }).toBe(1)
  clock.advance(3_600_000)
  expect(await answer(invoked)).toBe('awake')
  expect(performance.now() - beganMs).toBeLessThan(3000)
})

test('leaves a run five seconds of real time, however fast virtual time runs, and its deadline says so', async () => {
  const body = `
    const until = process.hrtime.bigint() + 400_000_000n
    while (process.hrtime.bigint() < until) {}
    return context.getRemainingTimeInMillis()`
  const clock = createClock({ speed: 1000 })
  const { pool } = aPool({ codeFolder: writeBundle(body), timeoutMs: 30_000 }, { clock })
  const leftMs = await answer(pool.invoke('{}'))
  expect(leftMs).toBeGreaterThan(1_000_000)
  expect(leftMs).toBeLessThanOrEqual(4_600_000)
})

test.each([
  [240_000, 1, 240_000],
  [240_000, 1000, 5_000_000],
  [240_000, 20, 240_000],
  [3000, 50, 150_000],
  [30_000, 0.01, 30_000],
])('a time-out of %d ms at speed %d is %d ms of virtual time', (timeoutMs, speed, stretchedMs) => {
  expect(stretchTimeoutMs(timeoutMs, speed)).toBe(stretchedMs)
})

test('wakes the timers of a running function on a jump of time', async () => {
  const codeFolder = writeBundle(
    `const rested = new Promise(resolve => setTimeout(resolve, 60_000)); console.log('asleep'); await rested; return 'awake'`,
  )
  const { pool, clock, output } = aPool({ codeFolder, timeoutMs: 120_000 })
  const invoked = pool.invoke('{}')
  await expect.poll(() => output.length).toBe(1)
  clock.advance(61_000)
  expect(await answer(invoked)).toBe('awake')
})

test('ends a run at its time-out with the error of Lambda, and starts a new thread', async () => {
  const codeFolder = writeBundle(
    `globalThis.runs = (globalThis.runs ?? 0) + 1; if (event.loop) { console.log('on'); for (;;); } return globalThis.runs`,
  )
  const { pool, clock, output } = aPool({ codeFolder, timeoutMs: 3000 })
  expect(await answer(pool.invoke('{}'))).toBe(1)
  expect(await answer(pool.invoke('{}'))).toBe(2)
  const looping = pool.invoke('{"loop":true}', 'late-one')
  await expect.poll(() => output.length, { interval: 5 }).toBe(1)
  clock.advance(3000)
  const late = await looping
  expect(late.functionError).toBe('Unhandled')
  expect(JSON.parse(late.payload)).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: 'RequestId: late-one Error: Task timed out after 3.00 seconds',
  })
  expect(await answer(pool.invoke('{}'))).toBe(1)
})

test('a run that needs too much memory fails alone', async () => {
  const codeFolder = writeBundle(`
    if (!event.big) { await new Promise(resolve => setTimeout(resolve, 300)); return 'fine' }
    const held = []
    for (;;) held.push(new Array(100_000).fill(Math.random()))`)
  const { pool } = aPool({ codeFolder, memoryMb: 64 })
  const [big, small] = await Promise.all([pool.invoke('{"big":true}'), pool.invoke('{}')])
  expect(JSON.parse(big.payload).errorType).toBe('Runtime.OutOfMemory')
  expect(JSON.parse(small.payload)).toBe('fine')
})

test.each([
  ['exits', `process.exit(3)`, { errorType: 'Runtime.ExitError', errorMessage: /exit status 3/ }],
  [
    'throws',
    `throw new TypeError('no such thing')`,
    { errorType: 'TypeError', errorMessage: /^no such thing$/ },
  ],
  [
    'leaves a rejection unhandled',
    `Promise.reject(new RangeError('unseen')); await new Promise(() => {})`,
    { errorType: 'RangeError', errorMessage: /unseen/ },
  ],
  [
    'answers too much',
    `return 'x'.repeat(7_000_000)`,
    { errorType: 'Function.ResponseSizeTooLarge', errorMessage: /6291556/ },
  ],
])(
  'reports a function that %s, and serves the next invocation',
  async (_, body, { errorType, errorMessage }) => {
    const { pool } = aPool({ codeFolder: writeBundle(`if (event.ok) return 'ok'\n${body}`) })
    const failed = await pool.invoke('{}')
    expect(failed.functionError).toBe('Unhandled')
    const error = JSON.parse(failed.payload)
    expect(error.errorType).toBe(errorType)
    expect(error.errorMessage).toMatch(errorMessage)
    expect(await answer(pool.invoke('{"ok":true}'))).toBe('ok')
  },
)

test.each([
  ['is missing', undefined, /Runtime.ImportModuleError: .* holds no index/],
  ['has no such export', 'export const other = 1', /Runtime.HandlerNotFound: index.handler is undefined/],
  [
    'throws',
    'throw new Error("no configuration")',
    /WorkFunction12345678 does not load: Error: no configuration/,
  ],
  ['is no JavaScript', 'export const handler = (', /does not load: SyntaxError/],
  ['exits', 'process.exit(9)', /does not load: Runtime.ExitError: .*exit status 9/],
])('says why a bundle does not load when it %s', async (_, text, reason) => {
  const codeFolder = temporaryFolder()
  if (text !== undefined) writeFileSync(join(codeFolder, 'index.mjs'), text)
  const { pool } = aPool({ codeFolder })
  await expect(pool.warm()).rejects.toThrow(reason)
  expect((await pool.invoke('{}')).functionError).toBe('Unhandled')
})

test('captures what a run prints, with its request, before its answer', async () => {
  const codeFolder = writeBundle(`
    console.log('one'); console.error('two'); process.stdout.write('three\\n')
    if (event.exit) process.exit(1)`)
  const { pool, output } = aPool({ codeFolder })
  await pool.invoke('{}', 'first')
  expect(output).toEqual(['one\n', 'two\n', 'three\n'].map(text => ({ text, requestId: 'first' })))
  await pool.invoke('{"exit":true}', 'second')
  expect(output.slice(3).map(({ requestId }) => requestId)).toEqual(['second', 'second', 'second'])
})

test('runs no more invocations at a time than its reservation allows', async () => {
  const codeFolder = writeBundle(`
    const from = Date.now()
    await new Promise(resolve => setTimeout(resolve, 50))
    return [from, Date.now()]`)
  const { pool } = aPool({ codeFolder, reservedConcurrency: 2 })
  const spans: [number, number][] = await Promise.all(
    Array.from({ length: 6 }, () => answer(pool.invoke('{}'))),
  )
  const atOnce = spans.map(([from]) => spans.filter(([began, ended]) => began <= from && from < ended).length)
  expect(Math.max(...atOnce)).toBeLessThanOrEqual(2)
  expect(Math.max(...atOnce)).toBe(2)
})

test('kill ends a run, which then fails', async () => {
  const { pool, output } = aPool({
    codeFolder: writeBundle(`console.log('on'); await new Promise(r => setTimeout(r, 60_000))`),
  })
  const invoked = pool.invoke('{}')
  await expect.poll(() => output.length).toBe(1)
  await pool.kill()
  const result = await invoked
  expect(result.functionError).toBe('Unhandled')
  expect(result.abandoned).toBeUndefined()
})
