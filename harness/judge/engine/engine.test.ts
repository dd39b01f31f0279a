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

  test.each([
    [
      'is not in the PATH',
      { exitCode: 127, stdout: '', stderr: 'bash: line 1: dockerd: command not found\n' },
      'exit code 127: bash: line 1: dockerd: command not found',
    ],
    ['prints something else', { stdout: 'moby\n' }, 'exit code 0: moby'],
  ])(
    'a dockerd that %s is unknown, and the reason says what was run, what it answered, and what the unit starts',
    (_, answer, said) => {
      const judgement = only(
        judge(engineIsCurrent, (host) => {
          Object.assign(host['installed-engine'], answer, { program: 'dockerd' })
          unit(
            'path=/usr/sbin/dockerd ; argv[]=/usr/sbin/dockerd -H fd://',
            'path=/usr/bin/snap ; argv[]=/usr/bin/snap run docker.dockerd',
          )(host)
        }),
      )
      expect(judgement).toMatchObject({
        verdict: 'unknown',
        actual: expect.stringContaining('20.10.24'),
        reason: `\`dockerd --version\` answered with ${said}; the unit starts /usr/bin/snap run docker.dockerd`,
      })
    },
  )
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
    ['live-restore off', { stdout: '{"live-restore": false, "debug": true}' }],
    [
      'what the file may hold and no flag is named like',
      { stdout: '{"labels": [], "log-opts": {"tag": "x"}, "features": {"buildkit": true}}' },
    ],
    ['a setting inside another, as dockerd takes it', { stdout: '{"tls-material": {"tlscert": "/x"}}' }],
  ])('%s passes', (_, change) => {
    expect(only(judge(engineCanStartAgain, config(change)))).toMatchObject({ verdict: 'pass' })
  })

  test.each([
    ['live-restore', { stdout: '{"live-restore": true}' }],
    ['a file that is cut off', { stdout: '{"live-restore": tr' }],
    ['a list', { stdout: '[]' }],
    ['a file without a byte, of an engine that cannot validate,', { stdout: '' }],
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

  test.each([
    ['alone', '{"nonsense": 1, "debug": true}'],
    ['inside another', '{"more": {"nonsense": 1}}'],
  ])('a setting %s that is no flag of an engine that cannot validate is unknown', (_, stdout) => {
    expect(only(judge(engineCanStartAgain, config({ stdout })))).toMatchObject({
      verdict: 'unknown',
      actual: 'in the file, and no flag of dockerd: nonsense',
    })
  })

  const answer = {
    command: 'dockerd --validate --config-file /x.json',
    exitCode: 0,
    stdout: '',
    stderr: '',
    truncated: false,
  }
  const validated = (change: object) => (host: RawHost) =>
    void Object.assign(host['engine-config-trial'], { validation: { ...answer, ...change } })

  test('what dockerd itself accepts passes, though no flag is named like it', () => {
    const judgement = only(
      judge(engineCanStartAgain, (host) => {
        config({ stdout: '{"of-the-future": 1}' })(host)
        validated({ stderr: 'configuration OK\n' })(host)
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'pass' })
  })

  test('what dockerd itself refuses fails, in its words', () => {
    const stderr =
      "unable to configure the Docker daemon with file /x.json: the following directives don't match any configuration option: nonsense\n"
    expect(only(judge(engineCanStartAgain, validated({ exitCode: 1, stderr })))).toMatchObject({
      verdict: 'fail',
      actual: expect.stringMatching(/^refused by `dockerd --validate`: exit code 1: unable .*: nonsense$/),
    })
  })

  test('what dockerd says to something else than the file is unknown', () => {
    const change = validated({ exitCode: 125, stderr: 'unknown flag: --foo\n' })
    expect(only(judge(engineCanStartAgain, change))).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining(
        '`dockerd --validate --config-file /x.json` answered with exit code 125: unknown flag',
      ),
    })
  })

  test('a dockerd that cannot be run is unknown', () => {
    const help = { ...answer, command: 'dockerd --help', exitCode: 127, stderr: 'dockerd: not found\n' }
    const change = (host: RawHost) => void Object.assign(host['engine-config-trial'], { help })
    expect(only(judge(engineCanStartAgain, change))).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('`dockerd --help` answered with exit code 127'),
    })
  })

  test('a unit that was changed on disk and not loaded is unknown', () => {
    const change = unit('NeedDaemonReload=no', 'NeedDaemonReload=yes')
    expect(only(judge(engineCanStartAgain, change))).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringContaining('docker.service was changed on disk'),
      remedy: expect.stringContaining('systemctl daemon-reload'),
    })
  })
})
