import { describe, expect, test } from 'vitest'
import { judge, only, type RawHost } from '../test-host/green.ts'
import { apiIsRecent } from './api-is-recent.ts'
import { engineCanStartAgain } from './engine-can-start-again.ts'
import { engineDidNotCrash } from './engine-did-not-crash.ts'
import { engineIsCurrent } from './engine-is-current.ts'
import { engineRuns } from './engine-runs.ts'

function unit(from: string, to: string) {
  return (host: RawHost): void => {
    const before = host['engine-unit'].stdout
    host['engine-unit'].stdout = before.replace(from, to)
    if (host['engine-unit'].stdout === before) throw new Error(`the recorded unit has no ${from}`)
  }
}

describe('the running engine is the installed one', () => {
  test('same version and commit pass', () => {
    expect(only(judge(engineIsCurrent))).toMatchObject({ verdict: 'pass' })
  })

  test.each([
    ['version', 'Docker version 20.10.25+dfsg1, build 5d6db84'],
    ['commit', 'Docker version 20.10.24+dfsg1, build deadbee'],
  ])('another %s on disk fails, and says which', (_, line) => {
    const judgement = only(
      judge(engineIsCurrent, (host) => void Object.assign(host['installed-engine'], { stdout: `${line}\n` })),
    )
    expect(judgement).toMatchObject({ verdict: 'fail', expected: expect.stringContaining(line.slice(15, 40)) })
    expect(judgement.actual).toContain('20.10.24')
  })

  test('a dockerd that prints something else is not judged', () => {
    expect(() =>
      judge(engineIsCurrent, (host) => void Object.assign(host['installed-engine'], { stdout: 'moby\n' })),
    ).toThrow(/Docker version/)
  })
})

describe('the API is recent', () => {
  test.each([
    ['1.40', 'fail'],
    ['1.9', 'fail'],
    ['1.41', 'pass'],
    ['1.52', 'pass'],
    ['2.0', 'pass'],
  ])('%s: %s', (version, verdict) => {
    expect(
      only(judge(apiIsRecent, (host) => void Object.assign(host['engine-version'], { ApiVersion: version }))),
    ).toMatchObject({
      verdict,
    })
  })
})

describe('dockerd runs as a unit', () => {
  test('its start, uptime and invocation are told', () => {
    const { verdict, actual } = only(judge(engineRuns))
    expect(verdict).toBe('pass')
    expect(actual).toMatch(/^active \(running\) since 2026-11-20T13:04:21.\d+Z, up \d+ s, invocation [0-9a-f]{32}$/)
  })

  test('a unit that is not there is unknown', () => {
    expect(only(judge(engineRuns, unit('LoadState=loaded', 'LoadState=not-found')))).toMatchObject({
      verdict: 'unknown',
    })
  })

  test('a dockerd that systemd does not run fails', () => {
    const judgement = only(judge(engineRuns, unit('ActiveState=active', 'ActiveState=inactive')))
    expect(judgement).toMatchObject({ verdict: 'fail', remedy: expect.stringContaining('systemctl status') })
  })
})

describe('dockerd did not crash', () => {
  test('a clean record passes', () => {
    expect(only(judge(engineDidNotCrash))).toMatchObject({ verdict: 'pass' })
  })

  test('a restart by systemd fails', () => {
    expect(only(judge(engineDidNotCrash, unit('NRestarts=0', 'NRestarts=2')))).toMatchObject({
      verdict: 'fail',
      actual: expect.stringContaining('2 restarts'),
    })
  })

  test('a result that is not success fails', () => {
    expect(only(judge(engineDidNotCrash, unit('Result=success', 'Result=signal')))).toMatchObject({ verdict: 'fail' })
  })
})

describe('dockerd can start again', () => {
  const config = (change: Partial<RawHost['engine-config']>) => (host: RawHost) =>
    void Object.assign(host['engine-config'], change)

  test.each([
    ['no file', { exitCode: 1, stdout: '', stderr: 'cat: /etc/docker/daemon.json: No such file or directory\n' }],
    ['an empty file', { stdout: '' }],
    ['live-restore off', { stdout: '{"live-restore": false, "debug": true}' }],
  ])('%s passes', (_, change) => {
    expect(only(judge(engineCanStartAgain, config(change)))).toMatchObject({ verdict: 'pass' })
  })

  test.each([
    ['live-restore', { stdout: '{"live-restore": true}' }],
    ['a file that is cut off', { stdout: '{"live-restore": tr' }],
    ['a list', { stdout: '[]' }],
  ])('%s fails', (_, change) => {
    expect(only(judge(engineCanStartAgain, config(change)))).toMatchObject({ verdict: 'fail' })
  })

  test('what is set in the file and by a flag of the unit, as `hosts` often is, fails by name', () => {
    const change = config({ stdout: '{"hosts": ["fd://"], "containerd": "/run/x.sock", "debug": true}' })
    expect(only(judge(engineCanStartAgain, change))).toMatchObject({
      verdict: 'fail',
      actual: expect.stringMatching(/: hosts, containerd$/),
    })
  })

  test('live-restore as a flag of the unit fails, with a file and without', () => {
    const flag = unit('-H fd:// ', '-H fd:// --live-restore ')
    expect(only(judge(engineCanStartAgain, flag))).toMatchObject({ verdict: 'fail' })
  })

  test('a file that may not be read is not judged', () => {
    const denied = { exitCode: 1, stdout: '', stderr: 'cat: /etc/docker/daemon.json: Permission denied\n' }
    expect(() => judge(engineCanStartAgain, config(denied))).toThrow(/Permission denied/)
  })
})
