import { describe, expect, test } from 'vitest'
import { only, verdictsOf } from '../test-host/green.ts'
import { jobsAreNotRunning } from './jobs-are-not-running.ts'
import { kernelNameOf, lockFilesAreFree } from './lock-files-are-free.ts'
import { judgeQuiet, printed } from './testing/quiet-host.ts'

const unit = (id: string, state: string, sub: string): string =>
  `Id=${id}\nLoadState=loaded\nActiveState=${state}\nSubState=${sub}\n`

describe('units', () => {
  const wish = { quiet: { units: ['upgrade.service', 'nix-*.service'] } }
  const judge = (answer: object) =>
    judgeQuiet(
      jobsAreNotRunning,
      (host) => Object.assign(host['quiet-jobs'], { units: { asked: wish.quiet.units, answer } }),
      wish,
    )

  test('at rest, failed or not there is quiet; a glob may match none', () => {
    expect(only(judge(printed(unit('upgrade.service', 'inactive', 'dead')))).verdict).toBe('pass')
    expect(only(judge(printed(unit('upgrade.service', 'failed', 'failed')))).verdict).toBe('pass')
  })

  test('one that is not there is named: it may be misspelt', () => {
    const none = unit('upgrade.service', 'inactive', 'dead').replace('=loaded', '=not-found')
    expect(only(judge(printed(none)))).toMatchObject({
      ...{ verdict: 'pass', actual: 'none is active; systemd has no upgrade.service' },
    })
  })

  test.each(['active', 'activating', 'deactivating', 'reloading'])('%s is not', (state) => {
    const judgement = only(judge(printed(unit('upgrade.service', state, 'start'))))
    expect(judgement).toMatchObject({
      subject: 'upgrade.service',
      verdict: 'blocked',
      code: 'HOST_NOT_QUIET',
      actual: `${state} (start)`,
    })
  })

  test('each of several is told', () => {
    const both = `${unit('upgrade.service', 'inactive', 'dead')}\n${unit('nix-gc.service', 'active', 'exited')}`
    expect(only(judge(printed(both)))).toMatchObject({
      subject: 'nix-gc.service',
      reason: expect.stringContaining('RemainAfterExit'),
    })
  })

  test('no systemd, an answer for fewer units than asked, and one cut short are unknown', () => {
    const failed = { exitCode: 1, stderr: 'System has not been booted with systemd as init system' }
    expect(only(judge(printed('', failed)))).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringContaining('not been booted'),
    })
    expect(only(judge(printed(''))).verdict).toBe('unknown')
    expect(only(judge(printed('ActiveState=inactive\n'))).verdict).toBe('unknown')
    expect(only(judge(printed(unit('upgrade.service', 'inactive', 'dead'), { truncated: true }))).verdict).toBe(
      'unknown',
    )
  })
})

describe('processes', () => {
  const wish = { quiet: { processes: ['upgrade-all'] } }
  const judge = (processes: object) =>
    judgeQuiet(jobsAreNotRunning, (host) => Object.assign(host['quiet-jobs'], { processes }), wish)

  test('none that matches passes, one that does is named without its arguments', () => {
    expect(only(judge({ state: 'read', seen: 80, matches: [] }))).toMatchObject({
      verdict: 'pass',
      actual: '80 processes, none matches',
    })
    const matches = [{ pid: 77, program: 'bash\u001B[2J', pattern: 'upgrade-all' }]
    expect(only(judge({ state: 'read', seen: 80, matches }))).toMatchObject({
      verdict: 'blocked',
      code: 'HOST_NOT_QUIET',
      actual: '77 (bash‹U+001B›[2J) matches `upgrade-all`',
    })
  })

  test('what cannot be read is unknown, and nothing configured is n/a', () => {
    expect(only(judge({ state: 'unread', why: 'hidden' })).verdict).toBe('unknown')
    expect(only(judgeQuiet(jobsAreNotRunning)).verdict).toBe('n/a')
  })
})

describe('lock files', () => {
  const path = '/run/lock/app.lock'
  const dockerd = 'held 57 65024:16261182 dockerd\tlock: 1: FLOCK  ADVISORY  WRITE 57 fe:00:16261182 0 EOF'
  const judge = (lines: readonly string[], fields: object = {}) =>
    judgeQuiet(
      lockFilesAreFree,
      (host) => Object.assign(host['quiet-locks'], { files: [path], answer: printed(lines.join('\n'), fields) }),
      { quiet: { lockFiles: [path] } },
    )
  const there = ['user 0', 'file 0 1048585:3', dockerd]
  const held = (text: string) => judge([...there, `held 1236 1048585:3 sleep\tlock: ${text}`])

  test('a file that nobody has locked, and one that is not there, pass', () => {
    expect(only(judge(there))).toMatchObject({ verdict: 'pass', actual: 'not locked' })
    const missing = ['user 0', `file 0 stat: cannot statx '${path}': No such file or directory`, dockerd]
    expect(only(judge(missing))).toMatchObject({ verdict: 'pass', actual: 'there is no such file' })
  })

  test.each([
    '1: FLOCK  ADVISORY  WRITE 0 00:f0:3 0 EOF',
    '1: POSIX  ADVISORY  READ 12 00:f0:3 0 EOF',
    '1: OFDLCK ADVISORY  WRITE -1 00:f0:3 0 EOF',
  ])('held by an open file, whatever device the kernel names: %s', (text) => {
    expect(only(held(text))).toMatchObject({
      verdict: 'blocked',
      code: 'HOST_NOT_QUIET',
      actual: 'locked by process 1236 (sleep)',
    })
  })

  test('a lease keeps nobody out', () => {
    expect(only(held('1: LEASE  ACTIVE    READ 12 00:f0:3 0 EOF')).verdict).toBe('pass')
  })

  test('a lock without a process is seen in the list of the kernel', () => {
    const remote = [...there, 'listed 1: POSIX  ADVISORY  WRITE 1 00:109:3 0 EOF']
    expect(only(judge(remote))).toMatchObject({
      verdict: 'blocked',
      actual: expect.stringContaining('without a process'),
    })
    const another = [...there, 'listed 1: POSIX  ADVISORY  WRITE 1 00:109:4 0 EOF']
    expect(only(judge(another)).verdict).toBe('pass')
  })

  test('one of the same number on another device, and nobody’s that was seen, is unknown', () => {
    const doubtful = [...there, 'listed 1: FLOCK  ADVISORY  WRITE 9 00:2c:3 0 EOF']
    expect(only(judge(doubtful)).verdict).toBe('unknown')
    const explained = [...doubtful, 'held 9 44:3 other\tlock: 1: FLOCK  ADVISORY  WRITE 9 00:2c:3 0 EOF']
    expect(only(judge(explained)).verdict).toBe('pass')
  })

  test('who does not see dockerd, is not root, was refused, or failed, has seen nothing', () => {
    expect(only(judge(['user 0', 'file 0 1048585:3'])).verdict).toBe('unknown')
    expect(only(judge(['user 0', 'file 0 1048585:3', dockerd.replaceAll('dockerd', 'init')])).verdict).toBe('unknown')
    expect(only(judge(['user 1000', 'file 0 1048585:3', dockerd])).verdict).toBe('unknown')
    const refused = { stderr: "find: '/proc/1/fdinfo': Permission denied" }
    expect(only(judge(there, refused)).verdict).toBe('unknown')
    expect(only(judge(there, { exitCode: 124 })).verdict).toBe('unknown')
    const hidden = ['user 1000', `file 0 stat: cannot statx '${path}': Permission denied`, dockerd]
    expect(only(judge(hidden)).verdict).toBe('unknown')
    expect(verdictsOf(judgeQuiet(lockFilesAreFree))).toEqual(['target: n/a'])
  })

  test('devices are written as the kernel does', () => {
    expect(kernelNameOf('1048585:3')).toBe('00:109:3')
    expect(kernelNameOf('65024:16261182')).toBe('fe:00:16261182')
    expect(kernelNameOf('240:16262302')).toBe('00:f0:16262302')
  })
})
