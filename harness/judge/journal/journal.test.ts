import { describe, expect, test } from 'vitest'
import { ago, judge, log, only, type RawHost, the } from '../test-host/green.ts'
import { journalIsNotBlind } from './journal-is-not-blind.ts'
import { journalIsPersistent } from './journal-is-persistent.ts'
import { journalReachesBack } from './journal-reaches-back.ts'
import { nothingWasSuppressed } from './nothing-was-suppressed.ts'

const microseconds = (host: RawHost, secondsAgo: number): number => Date.parse(ago(host, secondsAgo)) * 1000

/** No line of the running dockerd is left: neither its first, nor one of the window. */
function quiet(host: RawHost): void {
  for (const answer of [host['journal-window'], host['journal-anchors'].first, host['journal-anchors'].before]) {
    Object.assign(answer, { entries: [] })
  }
}

/** A dockerd that has been up for longer than the window reaches back. */
function longUp(host: RawHost): void {
  const first = the(host['journal-window'].entries[0])
  Object.assign(host['journal-window'], { since: ago(host, 26 * 3600), entries: [] })
  const stdout = host['engine-unit'].stdout.replace(
    /^(ExecMainStartTimestamp=).*$/m,
    `$1Fri ${ago(host, 11 * 86_400)
      .replace('T', ' ')
      .replace('Z', ' UTC')}`,
  )
  Object.assign(host['engine-unit'], { stdout })
  const start = { ...first, __REALTIME_TIMESTAMP: String(microseconds(host, 11 * 86_400 - 1)) }
  Object.assign(host['journal-anchors'].first, { entries: [start] })
  Object.assign(host['journal-anchors'].before, { entries: [] })
  files({ headAgo: 12 * 86_400 })(host)
  journaldStarted(12 * 86_400)(host)
}

interface FileWish {
  readonly path?: string
  readonly headAgo?: number
  readonly tailAgo?: number
  readonly numbers?: readonly [number, number]
  readonly state?: string
  readonly series?: string
}

/** The files of the journal, as `journalctl --header` tells of them. */
function files(...wishes: readonly FileWish[]) {
  return (host: RawHost): void => {
    const hex = (seconds: number) => microseconds(host, seconds).toString(16)
    const blocks = wishes.map(
      ({
        path = '/var/log/journal/m/system.journal',
        headAgo = 600,
        tailAgo = 0,
        numbers = [1, 9],
        state = 'ONLINE',
        series = '627f47999a2943cb8284b6ac6d6f02a8',
      }) =>
        [
          `File path: ${path}`,
          `Sequential number ID: ${series}`,
          `State: ${state}`,
          `Head sequential number: ${numbers[0]} (${numbers[0].toString(16)})`,
          `Tail sequential number: ${numbers[1]} (${numbers[1].toString(16)})`,
          `Head realtime timestamp: Fri 2026-11-20 12:29:00 UTC (${hex(headAgo)})`,
          `Tail realtime timestamp: Fri 2026-11-20 12:29:00 UTC (${hex(tailAgo)})`,
        ].join('\n'),
    )
    Object.assign(host['journal-files'], { stdout: `${blocks.join('\n\n')}\n` })
  }
}

describe('the journal is not blind', () => {
  test('the start line of the running dockerd proves it', () => {
    expect(only(judge(journalIsNotBlind))).toMatchObject({
      verdict: 'pass',
      actual: expect.stringMatching(/^its start at 2026-11-20T13:04:21\.\d+Z; 15 lines since/),
    })
  })

  test('no line at all is unknown', () => {
    expect(only(judge(journalIsNotBlind, quiet))).toMatchObject({ verdict: 'unknown' })
  })

  test('lines of a unit that runs no more prove nothing of the dockerd that answers', () => {
    const judgement = only(
      judge(journalIsNotBlind, (host) => {
        const stdout = host['engine-unit'].stdout.replace('ActiveState=active', 'ActiveState=inactive')
        Object.assign(host['engine-unit'], { stdout })
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'unknown' })
  })

  test('a quiet window is no blindness where the start line is there', () => {
    expect(only(judge(journalIsNotBlind, longUp))).toMatchObject({
      verdict: 'pass',
      actual: expect.stringMatching(/; 0 lines since/),
    })
  })

  test('where the start was vacuumed, a later line from before the window proves it', () => {
    const judgement = only(
      judge(journalIsNotBlind, (host) => {
        longUp(host)
        const line = the(host['journal-anchors'].first.entries[0])
        const older = { ...line, __REALTIME_TIMESTAMP: String(microseconds(host, 5 * 86_400)) }
        Object.assign(host['journal-anchors'].first, { entries: [] })
        Object.assign(host['journal-anchors'].before, { entries: [older] })
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'pass', actual: expect.stringMatching(/^its oldest line left/) })
  })

  test.each([
    ['of an earlier dockerd', { _SYSTEMD_INVOCATION_ID: 'anotherone', __REALTIME_TIMESTAMP: '1795100000000000' }],
    ['of another program of the unit', { SYSLOG_IDENTIFIER: 'ExecStartPre' }],
    ['of a container', { CONTAINER_ID: 'd31bdfac12ae' }],
  ])('a line %s proves nothing', (_, fields) => {
    const judgement = only(
      judge(journalIsNotBlind, (host) => {
        const line = { ...the(host['journal-window'].entries[0]), ...fields }
        quiet(host)
        Object.assign(host['journal-anchors'].before, { entries: [line] })
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'unknown' })
  })

  test('a wrapper that starts dockerd gives the lines its name', () => {
    const judgement = only(
      judge(journalIsNotBlind, (host) => {
        const stdout = host['engine-unit'].stdout.replace(/path=\S+/, 'path=/usr/local/bin/start-engine')
        Object.assign(host['engine-unit'], { stdout })
        for (const entry of [...host['journal-window'].entries, ...host['journal-anchors'].first.entries]) {
          Object.assign(entry, { SYSLOG_IDENTIFIER: 'start-engine' })
        }
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'pass' })
  })
})

/** A drop-in for journald, as it comes after its own file. */
const journaldHas = (settings: string) => (host: RawHost) => {
  const { config } = host.journald
  Object.assign(config, { stdout: `${config.stdout}\n[Journal]\n${settings}\n` })
}

const unitHas = (property: string) => (host: RawHost) => {
  const name = property.replace(/=.*/, '')
  const stdout = host['engine-unit'].stdout.replace(new RegExp(`^${name}=.*$`, 'm'), property)
  Object.assign(host['engine-unit'], { stdout })
}

function journaldStarted(secondsAgo: number) {
  return (host: RawHost): void => {
    const time = ago(host, secondsAgo).replace('T', ' ').replace('Z', ' UTC')
    const { unit } = host.journald
    Object.assign(unit, { stdout: unit.stdout.replace(/^(ExecMainStartTimestamp=).*$/m, `$1Fri ${time}`) })
  }
}

describe('what dockerd prints is still heard', () => {
  test.each([
    ['MaxLevelStore=warning', /^MaxLevelStore is 4 \(warning\)/],
    ['MaxLevelStore = 5', /^MaxLevelStore is 5 \(notice\)/],
    ['MaxLevelStore=', /^MaxLevelStore is empty/],
    ['Storage=none', /^Storage is none/],
  ])('journald with %s throws its lines away', (settings, actual) => {
    expect(only(judge(journalIsNotBlind, journaldHas(settings)))).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringMatching(actual),
      remedy: expect.stringContaining('journald.conf'),
    })
  })

  test.each([
    'MaxLevelStore=info',
    'MaxLevelStore=debug',
    'MaxLevelStore=6',
    'MaxLevelStore=warning\nMaxLevelStore=debug',
    'MaxLevelStore=loud',
    'MaxLevelSyslog=err',
    '#MaxLevelStore=err',
    'Storage=persistent',
    '[Upload]\nMaxLevelStore=err',
  ])('journald with %s keeps them', (settings) => {
    expect(only(judge(journalIsNotBlind, journaldHas(settings)))).toMatchObject({ verdict: 'pass' })
  })

  test('a unit with a limit of its own throws them away, too', () => {
    expect(only(judge(journalIsNotBlind, unitHas('LogLevelMax=4')))).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringMatching(/^LogLevelMax of docker.service is 4 \(warning\)/),
    })
    expect(only(judge(journalIsNotBlind, unitHas('LogLevelMax=6')))).toMatchObject({ verdict: 'pass' })
  })

  test('the level counts at which the unit hands its lines over', () => {
    const both = (host: RawHost): void => {
      unitHas('SyslogLevel=4')(host)
      journaldHas('MaxLevelStore=warning')(host)
    }
    expect(only(judge(journalIsNotBlind, both))).toMatchObject({ verdict: 'pass' })
  })

  test('a journald that was started after the last line of dockerd has not been seen to hear it', () => {
    const judgement = only(judge(journalIsNotBlind, journaldStarted(0)))
    expect(judgement).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringMatching(/^the last line at 2026-.*Z, and journald was started at 2026-.*Z$/),
      remedy: expect.stringContaining('systemctl reload docker.service'),
    })
  })

  test('one line since then proves it', () => {
    const heard = (host: RawHost): void => {
      journaldStarted(5)(host)
      log(host, 'time="2026-11-20T13:04:21Z" level=info msg="Reloaded configuration: {}"', 2)
    }
    expect(only(judge(journalIsNotBlind, heard))).toMatchObject({ verdict: 'pass' })
    const byContainer = (host: RawHost): void => {
      journaldStarted(5)(host)
      log(host, 'hello', 2, { CONTAINER_ID: 'd31bdfac12ae' })
    }
    expect(only(judge(journalIsNotBlind, byContainer))).toMatchObject({ verdict: 'unknown' })
  })

  test('a journald that does not run hears nothing', () => {
    const stopped = (host: RawHost): void => {
      const { unit } = host.journald
      Object.assign(unit, { stdout: unit.stdout.replace(/^ExecMainStartTimestamp=.*$/m, 'ExecMainStartTimestamp=') })
    }
    expect(only(judge(journalIsNotBlind, stopped))).toMatchObject({ verdict: 'unknown' })
  })

  test.each([
    ['its file', (host: RawHost) => void Object.assign(host['engine-config'], { stdout: '{"log-level": "fatal"}' })],
    [
      'a flag',
      unitHas('ExecStart={ path=/usr/sbin/dockerd ; argv[]=/usr/sbin/dockerd --log-level=panic ; ignore_errors=no'),
    ],
    [
      'a flag and its value',
      unitHas('ExecStart={ path=/usr/sbin/dockerd ; argv[]=/usr/sbin/dockerd -l fatal ; ignore_errors=no'),
    ],
  ])('a dockerd that %s lets print no errors says nothing of them', (_, change) => {
    expect(only(judge(journalIsNotBlind, change))).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringMatching(/^`log-level` is (fatal|panic)/),
    })
  })

  test('a dockerd that prints errors only prints what counts', () => {
    const errors = (host: RawHost) => void Object.assign(host['engine-config'], { stdout: '{"log-level": "error"}' })
    expect(only(judge(journalIsNotBlind, errors))).toMatchObject({ verdict: 'pass' })
  })
})

describe('the journal reaches back', () => {
  test('the oldest entry is told', () => {
    expect(only(judge(journalReachesBack))).toMatchObject({
      verdict: 'pass',
      actual: 'its oldest entry is of 2026-11-20T12:55:32.265Z',
    })
  })

  test('one that was vacuumed since is unknown', () => {
    const vacuumed = (host: RawHost): void => {
      quiet(host)
      files({ headAgo: 2 })(host)
    }
    expect(only(judge(journalReachesBack, vacuumed))).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringMatching(/^its oldest entry/),
    })
  })

  test('between the start of dockerd and its first line nothing can be missing', () => {
    const judgement = only(
      judge(journalReachesBack, (host) => {
        const firstUs = Number(the(host['journal-anchors'].first.entries[0]).__REALTIME_TIMESTAMP)
        files({ headAgo: (microseconds(host, 0) - firstUs) / 1e6 })(host)
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'pass' })
  })

  test('entries that are numbered anew within the window are a gap: the file before may be lost', () => {
    const rows = (...wishes: readonly FileWish[]) =>
      only(
        judge(journalReachesBack, (host) => {
          Object.assign(host['journal-window'], { since: ago(host, 500) })
          files({ path: '/var/log/journal/m/system@a.journal', headAgo: 900, tailAgo: 300 }, ...wishes)(host)
        }),
      )
    expect(rows({ headAgo: 200, series: 'new' })).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringMatching(/numbered anew since/),
    })
    expect(rows({ headAgo: 700, series: 'new' })).toMatchObject({ verdict: 'pass' })
    expect(rows({ path: '/run/log/journal/m/system.journal', headAgo: 200, series: 'new' })).toMatchObject({
      verdict: 'pass',
    })
  })

  test('an entry number that no file covers is a gap', () => {
    const archived = '/var/log/journal/m/system@a.journal'
    const rows = (...middle: readonly FileWish[]) =>
      only(
        judge(journalReachesBack, (host) => {
          Object.assign(host['journal-window'], { since: ago(host, 500) })
          files({ path: archived, numbers: [1, 100], headAgo: 900, tailAgo: 300 }, ...middle, {
            numbers: [201, 300],
            headAgo: 200,
          })(host)
        }),
      )
    expect(rows()).toMatchObject({ verdict: 'unknown', actual: expect.stringMatching(/^100 entries before/) })
    expect(rows({ path: '/var/log/journal/m/system@b.journal', numbers: [101, 200], headAgo: 300 })).toMatchObject({
      verdict: 'pass',
    })
    expect(rows({ path: '/var/log/journal/m/user-1000.journal', numbers: [90, 200], headAgo: 300 })).toMatchObject({
      verdict: 'pass',
    })
  })

  test('the journal of a user reaches back for nobody else', () => {
    const own = (host: RawHost) => files({ path: '/var/log/journal/m/user-1000.journal' })(host)
    expect(only(judge(journalReachesBack, own))).toMatchObject({ verdict: 'unknown' })
  })

  test.each([
    ['truncated', (host: RawHost) => void Object.assign(host['journal-window'], { truncated: true })],
    ['failed', (host: RawHost) => void Object.assign(host['journal-window'], { exitCode: 1 })],
    [
      'complained',
      (host: RawHost) =>
        void Object.assign(host['journal-window'], { stderr: 'Journal file x is truncated, ignoring file.' }),
    ],
    ['without text', (host: RawHost) => log(host, '', 1, { MESSAGE: null })],
    [
      'not permitted',
      (host: RawHost) =>
        void Object.assign(host['journal-files'], {
          stderr: 'No journal files were opened due to insufficient permissions.',
          stdout: '',
          exitCode: 1,
        }),
    ],
  ])('an answer that is %s is unknown', (_, change) => {
    expect(only(judge(journalReachesBack, change))).toMatchObject({ verdict: 'unknown' })
  })
})

describe('the journal is persistent', () => {
  test('a file under /var passes', () => {
    expect(only(judge(journalIsPersistent))).toMatchObject({ verdict: 'pass' })
  })

  test('a quiet journal, which journald has let go of, is judged by its newest file', () => {
    const quiet = files({ state: 'OFFLINE' }, { path: '/var/log/journal/m/system@a.journal', state: 'ARCHIVED' })
    expect(only(judge(journalIsPersistent, quiet))).toMatchObject({
      verdict: 'pass',
      actual: '/var/log/journal/m/system.journal',
    })
    const volatile = files(
      { state: 'OFFLINE', tailAgo: 500 },
      { path: '/run/log/journal/m/system.journal', state: 'OFFLINE' },
    )
    expect(only(judge(journalIsPersistent, volatile))).toMatchObject({
      verdict: 'unknown',
      actual: '/run/log/journal/m/system.journal',
    })
  })

  test('a file under /run is unknown, also where an old one is left under /var', () => {
    const volatile = files({ path: '/run/log/journal/m/system.journal' }, { state: 'OFFLINE', tailAgo: 500 })
    expect(only(judge(journalIsPersistent, volatile))).toMatchObject({
      verdict: 'unknown',
      actual: '/run/log/journal/m/system.journal',
    })
  })
})

describe('nothing was suppressed', () => {
  const suppressed = (unit: string) => (host: RawHost) => {
    const line = the(host['journal-window'].entries[0])
    const entry = { ...line, MESSAGE: `Suppressed 66 messages from ${unit}`, SYSLOG_IDENTIFIER: 'systemd-journald' }
    Object.assign(host['journal-suppressed'], { entries: [entry, entry] })
  }

  test('lines of dockerd are unknown, and counted', () => {
    expect(only(judge(nothingWasSuppressed, suppressed('docker.service')))).toMatchObject({
      verdict: 'unknown',
      actual: '132 lines of docker.service',
    })
  })

  test('lines of another unit pass, and are told', () => {
    expect(only(judge(nothingWasSuppressed, suppressed('noisy.service')))).toMatchObject({
      verdict: 'pass',
      actual: '0 lines of docker.service; of other units: noisy.service 132',
    })
  })

  test('a journal that cannot be asked is unknown', () => {
    const failed = (host: RawHost) => void Object.assign(host['journal-suppressed'], { exitCode: 1 })
    expect(only(judge(nothingWasSuppressed, failed))).toMatchObject({ verdict: 'unknown' })
  })
})
