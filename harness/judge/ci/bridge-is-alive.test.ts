import { describe, expect, test } from 'vitest'
import type { Judgement } from '../../model/check.ts'
import type { Bridge } from '../../model/facts/routing/bridge.ts'
import { ago, judge, only, type RawHost, serviceIn, taskIn } from '../test-host/green.ts'
import { bridgeIsAlive } from './bridge-is-alive.ts'

const service = 'ccci-bridge_app'
const health = 'http://127.0.0.1:8081/healthz'

type Log = (host: RawHost) => Bridge['log']

/** A log whose lines are so many seconds old, and which says what the newest one does. */
const lines =
  (seconds: readonly number[], text = 'bridge: polled, nothing new', more: object = {}): Log =>
  (host) => ({
    state: 'read',
    now: ago(host, 0),
    lines: seconds.map((old) => ({ at: ago(host, old), text })),
    ...more,
  })

const runsFor =
  (seconds: number) =>
  (host: RawHost): void =>
    void Object.assign(taskIn(host, service).Status, { Timestamp: ago(host, seconds) })
const logsNowhere = (host: RawHost): void =>
  void Object.assign(serviceIn(host, service).Spec.TaskTemplate, { LogDriver: { Name: 'none' } })
const ended = (host: RawHost): void =>
  void Object.assign(taskIn(host, service).Status, { State: 'failed', Err: 'task: non-zero exit (1)' })

function judgeLogged(log: Log, change: (host: RawHost) => void = runsFor(3600), wish: object = {}): Judgement {
  const prepare = (host: RawHost): void => {
    change(host)
    Object.assign(host, { bridge: { log: log(host) } })
  }
  return only(judge(bridgeIsAlive, prepare, { bridge: { service, pollSeconds: 30, ...wish } }))
}

const curl = (exitCode: number, stdout: string, stderr = '') => ({ exitCode, stdout, stderr, truncated: false })

function judgeHealthy(asked: object, log: Log): Judgement {
  const prepare = (host: RawHost): void => {
    runsFor(3600)(host)
    Object.assign(host, { bridge: { ...asked, log: log(host) } })
  }
  return only(judge(bridgeIsAlive, prepare, { bridge: { service, pollSeconds: 30, health } }))
}

describe('a bridge by its log', () => {
  test.each<readonly [string, Log, ((host: RawHost) => void) | undefined, string, string | undefined]>([
    ['a line of now', lines([0]), undefined, 'pass', undefined],
    ['a line younger than two polls', lines([300, 59]), undefined, 'pass', undefined],
    ['lines in another order', lines([5, 300]), undefined, 'pass', undefined],
    ['a line of a bridge that was just started', lines([2]), runsFor(3), 'pass', undefined],
    ['a line a little ahead', lines([-20]), undefined, 'pass', undefined],
    ['a line two polls old', lines([90, 60]), undefined, 'fail', 'BRIDGE_STALE'],
    ['old lines, of a bridge that has just been started', lines([300]), runsFor(20), 'unknown', 'BRIDGE_STARTING'],
    ['no line', lines([]), undefined, 'fail', 'BRIDGE_SILENT'],
    ['no line yet', lines([]), runsFor(59), 'unknown', 'BRIDGE_STARTING'],
    ['no line, two polls after the start', lines([]), runsFor(61), 'fail', 'BRIDGE_SILENT'],
    ['old lines, and no task', lines([300]), ended, 'fail', 'BRIDGE_DOWN'],
    ['no line, and no task', lines([]), ended, 'fail', 'BRIDGE_DOWN'],
    ['a fresh line, and no task', lines([5]), ended, 'unknown', 'BRIDGE_NOT_RUNNING'],
    ['a line far ahead', lines([-61]), undefined, 'unknown', 'CLOCKS_DISAGREE'],
    [
      'old lines, and more that could not be had',
      lines([300], 'x', { gap: 'node n2 is not available' }),
      undefined,
      'unknown',
      'LOG_GAP',
    ],
    [
      'a fresh line in spite of a gap',
      lines([5], 'x', { gap: 'node n2 is not available' }),
      undefined,
      'pass',
      undefined,
    ],
    ['a log that cannot be read', () => ({ state: 'unreadable', why: 'driver none' }), undefined, 'n/a', undefined],
    ['a log that cannot be read, and no task', () => ({ state: 'unreadable', why: 'x' }), ended, 'fail', 'BRIDGE_DOWN'],
    ['old lines, of before the log driver none', lines([300]), logsNowhere, 'n/a', undefined],
    ['no such service', () => ({ state: 'no service' }), undefined, 'unknown', undefined],
  ])('%s', (_, log, change, verdict, code) => {
    const judgement = judgeLogged(log, change)
    expect([judgement.verdict, judgement.code]).toEqual([verdict, code])
    if (verdict !== 'pass') expect(judgement.reason).toBeTruthy()
    if (verdict === 'fail') expect(judgement.remedy).toBeTruthy()
  })

  test('two polls are those that are configured', () => {
    expect(judgeLogged(lines([59]), undefined, { pollSeconds: 5 })).toMatchObject({ verdict: 'fail' })
    expect(judgeLogged(lines([59]), undefined, { pollSeconds: 300 })).toMatchObject({ verdict: 'pass' })
  })

  test('the last line is quoted, harmless and bounded, for whoever wants to know more than that it lives', () => {
    const { verdict, actual } = judgeLogged(lines([5], `\u001b[31mpoll failed: ${'x'.repeat(5000)}`))
    expect([verdict, actual.slice(0, 48)]).toEqual(['pass', 'last line 5 s ago: ‹U+001B›[31mpoll failed: xxxx'])
    expect(actual.length).toBeLessThan(300)
  })

  test('a bridge that says nothing is told with its tasks', () => {
    expect(judgeLogged(lines([600]))).toMatchObject({
      actual: expect.stringMatching(/10 min ago: .*; ccci-bridge_app: 1 running/),
    })
    expect(judgeLogged(lines([600]), ended)).toMatchObject({ actual: expect.stringContaining('non-zero exit (1)') })
  })

  test('a service that is not there is told by another check', () => {
    expect(judgeLogged(() => ({ state: 'no service' }))).toMatchObject({
      remedy: expect.stringContaining('`expect.bridge.service`'),
    })
  })

  test('where none is named it does not apply', () => {
    expect(judge(bridgeIsAlive, undefined, { bridge: undefined })).toMatchObject([{ verdict: 'n/a' }])
  })
})

describe('a bridge by its health', () => {
  const stale = lines([600])
  test.each<readonly [string, object, string, string | undefined, string]>([
    ['200', { health: curl(0, 'OK\n\n200') }, 'pass', undefined, '200: OK'],
    ['204 without a word', { health: curl(0, '\n204') }, 'pass', undefined, '204'],
    ['503', { health: curl(0, 'last poll 90 s ago\n\n503') }, 'fail', 'BRIDGE_UNHEALTHY', '503: last poll 90 s ago'],
    ['404', { health: curl(0, '\n404') }, 'fail', 'BRIDGE_UNHEALTHY', '404'],
    ['302', { health: curl(0, '\n302') }, 'fail', 'BRIDGE_UNHEALTHY', '302'],
    [
      'a closed port',
      { health: curl(7, '\n000', "curl: (7) Failed to connect to 127.0.0.1 port 8081: Couldn't connect to server") },
      'fail',
      'BRIDGE_HEALTH_SILENT',
      "exit code 7: curl: (7) Failed to connect to 127.0.0.1 port 8081: Couldn't connect to server",
    ],
    ['a deadline', { health: curl(28, '\n000', 'curl: (28) timed out') }, 'fail', 'BRIDGE_HEALTH_SILENT', '(28)'],
  ])('%s', (_, asked, verdict, code, told) => {
    // The log says the opposite, and is not listened to.
    const log = verdict === 'pass' ? stale : lines([1])
    expect(judgeHealthy(asked, log)).toMatchObject({ verdict, actual: expect.stringContaining(told) })
    expect(judgeHealthy(asked, log).code).toBe(code)
  })

  test('an answer while none of its tasks runs may be that of somebody else', () => {
    const prepare = (host: RawHost): void => {
      ended(host)
      Object.assign(host, { bridge: { health: curl(0, 'OK\n200'), log: lines([1])(host) } })
    }
    expect(judge(bridgeIsAlive, prepare, { bridge: { service, health } })).toMatchObject([
      { verdict: 'unknown', code: 'BRIDGE_NOT_RUNNING', actual: expect.stringContaining('no task runs') },
    ])
    const gone = (host: RawHost): void =>
      void Object.assign(host, { bridge: { health: curl(0, 'OK\n200'), log: { state: 'no service' } } })
    expect(judge(bridgeIsAlive, gone, { bridge: { service: 'nonesuch', health } })).toMatchObject([
      { verdict: 'unknown', code: 'BRIDGE_NOT_RUNNING', actual: expect.stringContaining('no such service') },
    ])
  })

  test.each([
    ['no curl', { health: curl(127, '', 'sh: curl: not found') }, 'curl: not found'],
    ['a curl that cannot do that', { health: curl(1, '\n000', 'curl: (1) Protocol not supported') }, 'not supported'],
    ['no way to run a command', { healthUnasked: 'commands cannot be run on the manager' }, 'cannot be run'],
    ['no word of it', {}, 'nothing of it in the evidence'],
    ['no status', { health: curl(0, 'OK') }, 'told no status'],
    ['an answer without an end', { health: { ...curl(0, 'OK OK'), truncated: true } }, 'longer than what was read'],
  ])('%s: the log is looked at instead, and it is said so', (_, asked, told) => {
    const note = expect.stringMatching(`its health URL could not be asked: .*${told}`)
    expect(judgeHealthy(asked, lines([5]))).toMatchObject({ verdict: 'pass', actual: note })
    expect(judgeHealthy(asked, stale)).toMatchObject({ verdict: 'fail', actual: note })
  })
})
