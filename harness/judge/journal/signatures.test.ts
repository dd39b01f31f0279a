import { describe, expect, test } from 'vitest'
import type { RawHost } from '../test-host/green.ts'
import { judge, log, only, the } from '../test-host/green.ts'
import { noExhaustion } from './no-exhaustion.ts'
import { noLeak } from './no-leak.ts'
import { noRace } from './no-race.ts'

const node = 'module=node node.id=0q7wp7bfpc3n3sng619j88og8'
const line = (level: string, msg: string, error?: string): string =>
  `time="2026-11-20T12:51:17.018980053Z" level=${level} msg=${JSON.stringify(msg)}${error === undefined ? '' : ` error=${JSON.stringify(error)}`} ${node}`

const vip = line(
  'error',
  'Failed allocation for service asqy017vfdbvsw1mqr5nkztob',
  'could not find an available IP while allocating VIP',
)

/** dockerd was started ten minutes before the engine's "now", so that it has settled. */
function settled(host: RawHost): void {
  const started = '2026-11-20 12:50:00.000000 UTC'
  const stdout = host['engine-unit'].stdout.replace(/^(ExecMainStartTimestamp=).*$/m, `$1Fri ${started}`)
  Object.assign(host['engine-unit'], { stdout })
  Object.assign(host['journal-window'], { since: '2026-11-20T12:56:00.000Z' })
}

const logged =
  (...lines: readonly string[]) =>
  (host: RawHost): void => {
    settled(host)
    for (const text of lines) log(host, text)
  }

describe('exhaustion', () => {
  test('a sound journal passes, and the number of lines is told', () => {
    expect(only(judge(noExhaustion))).toMatchObject({ verdict: 'pass', actual: 'none in 15 lines' })
  })

  test.each([
    ['a VIP', vip],
    [
      'a VIP at an update',
      line(
        'error',
        'Failed allocation during update of service vax',
        'could not find an available IP while allocating VIP',
      ),
    ],
    [
      'a VIP at the start',
      line('error', 'failed allocating service vax during init', 'could not find an available IP while allocating VIP'),
    ],
    [
      'a task',
      line(
        'error',
        'task allocation failure',
        'failed to allocate network IP for task t1 network n1: could not find an available IP',
      ),
    ],
    [
      'the load balancer of a node',
      line('error', 'Failed to allocate network resources for node n1', 'could not find an available IP'),
    ],
    ['this node', line('warning', 'skipping nil or malformed node network attachment entry')],
    [
      'a task on this node',
      line('error', 'fatal task error', 'node is missing network attachments, ip addresses may be exhausted'),
    ],
    ['ingress', line('error', 'Could not parse VIP address  while releasing')],
    [
      'a subnet, 20.10',
      line(
        'error',
        'Failed allocation for network n1',
        'failed allocating pools and gateway IP for network n1: could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
      ),
    ],
    [
      'a subnet, 27 and newer',
      line(
        'error',
        'Failed allocation for network n1',
        'failed allocating pools and gateway IP for network n1: all predefined address pools have been fully subnetted',
      ),
    ],
  ])('want of an address for %s fails', (_, text) => {
    expect(only(judge(noExhaustion, logged(text)))).toMatchObject({
      verdict: 'fail',
      remedy: expect.stringMatching(/\w/),
    })
  })

  test('each signature is counted, with its first and last time and its last line', () => {
    const judgement = only(judge(noExhaustion, logged(vip, vip, vip)))
    expect(judgement).toMatchObject({ subject: 'no address left for a VIP' })
    expect(judgement.actual).toMatch(/^3 times, 2026-\S+Z to 2026-\S+Z; the last: time=.*asqy017vfdbvsw1mqr5nkztob/)
    expect(judgement.reason).toMatch(/^infra: /)
  })

  test.each([
    [
      'a container',
      (host: RawHost) => log(host, vip, 1, { CONTAINER_ID: 'd31bdfac12ae', SYSLOG_IDENTIFIER: 'd31bdfac12ae' }),
    ],
    ['a container that calls itself dockerd', (host: RawHost) => log(host, vip, 1, { CONTAINER_ID: 'd31bdfac12ae' })],
    ['another program of the unit', (host: RawHost) => log(host, vip, 1, { SYSLOG_IDENTIFIER: 'helper' })],
    [
      'a request that debug mode repeats',
      logged(
        line(
          'debug',
          'form data: {"Labels":{"x":"could not find an available IP while allocating VIP"}}',
          'could not find an available IP while allocating VIP',
        ),
      ),
    ],
    [
      'a command that a user typed',
      logged(
        line(
          'error',
          'fatal task error',
          'starting container failed: exec: "could not find an available IP while allocating VIP": executable file not found in $PATH: unknown',
        ),
      ),
    ],
  ])('the words of %s are not dockerd’s', (_, change) => {
    expect(only(judge(noExhaustion, change))).toMatchObject({ verdict: 'pass' })
  })

  test.each([
    ['vacuumed', (host: RawHost) => void Object.assign(host['journal-files'], { stdout: '' }), 'PV-JRN-002'],
    ['blind', blind, 'PV-JRN-001'],
    ['rate limited', rateLimited, 'PV-JRN-004'],
    ['cut off', (host: RawHost) => void Object.assign(host['journal-window'], { truncated: true }), 'PV-JRN-002'],
    ['that of a manager that does not lead', follower, 'only the leading manager'],
    ['that of a manager that leads since a moment', lateLeader, 'leads since'],
    ['that of a manager that does not log elections', terseLeader, 'level info'],
    ['kept from warnings on only', terseJournald, 'PV-JRN-001'],
    ['of a dockerd that prints no errors', mute, 'PV-JRN-001'],
  ])('silence of a journal that is %s is unknown', (_, change, why) => {
    expect(only(judge(noExhaustion, change))).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining(why),
    })
  })

  test('a match in a journal with gaps fails all the same', () => {
    const judgement = only(
      judge(noExhaustion, (host) => {
        logged(vip)(host)
        rateLimited(host)
        follower(host)
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'fail' })
  })
})

function blind(host: RawHost): void {
  for (const answer of [host['journal-window'], host['journal-anchors'].first, host['journal-anchors'].before]) {
    Object.assign(answer, { entries: [] })
  }
}

function rateLimited(host: RawHost): void {
  const entry = { ...the(host['journal-window'].entries[0]), MESSAGE: 'Suppressed 66 messages from docker.service' }
  Object.assign(host['journal-suppressed'], { entries: [entry] })
}

function secondManager(host: RawHost, leads: boolean): void {
  const own = the(host.nodes[0])
  const other = structuredClone(own)
  Object.assign(other, { ID: 'other', Description: { ...own.Description, Hostname: 'manager-2' } })
  Object.assign(other.ManagerStatus, { Leader: leads })
  Object.assign(own.ManagerStatus, { Leader: !leads })
  host.nodes.push(other)
}

function follower(host: RawHost): void {
  secondManager(host, true)
}

function lateLeader(host: RawHost): void {
  settled(host)
  secondManager(host, false)
  log(host, line('info', '78e1ba1f2a8f4a1b became leader at term 4'), 30)
}

/** Of all that a manager of several logs, only what is a warning at least. */
function terseLeader(host: RawHost): void {
  terse(host)
  secondManager(host, false)
}

function terse(host: RawHost): void {
  for (const answer of [host['journal-window'], host['journal-anchors'].first, host['journal-anchors'].before]) {
    for (const entry of answer.entries) Object.assign(entry, { MESSAGE: line('warning', 'something') })
  }
}

function terseJournald(host: RawHost): void {
  Object.assign(host.journald.config, { stdout: '[Journal]\nMaxLevelStore=warning\n' })
}

function mute(host: RawHost): void {
  Object.assign(host['engine-config'], { stdout: '{"log-level": "fatal"}' })
}

test('the only manager has always led, whether it logs elections or not', () => {
  expect(only(judge(noExhaustion, terse))).toMatchObject({ verdict: 'pass' })
})

describe('leaks', () => {
  const lost = line(
    'error',
    'Failed to allocate network resources for node 0q7wp7bfpc3n3sng619j88og8',
    'could not find network allocator state for network lxddian6x7dyaeaiifjg8a6q2',
  )

  test.each([
    ['tasks that outlived their network', lost],
    ['a node that kept its address', line('error', 'error deallocating attachment for network n1 on node m1', 'x')],
  ])('%s are unknown: neither red on suspicion nor green on faith', (_, text) => {
    expect(only(judge(noLeak, logged(text)))).toMatchObject({
      verdict: 'unknown',
      remedy: expect.stringMatching(/services first/),
    })
  })

  test('they are no exhaustion', () => {
    expect(only(judge(noExhaustion, logged(lost)))).toMatchObject({ verdict: 'pass' })
  })
})

describe('removals that met', () => {
  const race = line(
    'error',
    'network proxy remove failed: error while removing network: unknown network proxy id x62nh3ag4zo27z08bpnqrxqtv',
  )

  test.each([
    ['remove failed', race],
    [
      'key modified',
      line(
        'error',
        'network lk_own remove failed: error while removing network: error marking network lk_own (x) for deletion: Unable to complete atomic operation, key modified',
      ),
    ],
    [
      'remove failed, as an error',
      line('error', 'x', 'network lk_own remove failed: error while removing network: unknown network lk_own id x'),
    ],
  ])('%s is unknown', (_, text) => {
    expect(only(judge(noRace, logged(text)))).toMatchObject({ verdict: 'unknown' })
  })

  test('while dockerd starts, it clears away and logs the same: counted only', () => {
    expect(only(judge(noRace, (host) => log(host, race, 5)))).toMatchObject({
      verdict: 'pass',
      actual: expect.stringContaining('a network could not be removed from this node (1 time while dockerd started)'),
    })
  })

  test('what heals itself is counted only', () => {
    const retried = line(
      'warning',
      'Error (Unable to complete atomic operation, key modified) deleting object [endpoint a b], retrying....',
    )
    const active = line('warning', 'network lxdd should be removed, but still has active attachments')
    expect(only(judge(noRace, logged(retried, retried, active)))).toMatchObject({
      verdict: 'pass',
      actual: expect.stringMatching(
        /key modified, and tried again \(2 times\), a network is removed before its attachments \(1 time\)$/,
      ),
    })
  })

  test('a manager that does not lead logs them, too', () => {
    expect(only(judge(noRace, follower))).toMatchObject({ verdict: 'pass' })
  })
})
