import { describe, expect, test } from 'vitest'
import { only, the } from '../test-host/green.ts'
import { noBuildIsActive } from './no-build-is-active.ts'
import { noRunAppIsLive } from './no-run-app-is-live.ts'
import { noServiceWaits } from './no-service-waits.ts'
import { noTaskIsStopping } from './no-task-is-stopping.ts'
import { nothingConverges } from './nothing-converges.ts'
import { judgeQuiet, type QuietHost } from './testing/quiet-host.ts'

const blocked = { verdict: 'blocked', code: 'HOST_NOT_QUIET' }
const firstService = (host: QuietHost) => the(host['quiet-swarm'].services[0])
const taskOfFirst = (host: QuietHost) =>
  the(host['quiet-swarm'].tasks.find(({ ServiceID }) => ServiceID === firstService(host).ID))

describe('builds', () => {
  const ci = { url: 'https://drone.example.org', repo: 'owner/name' }
  const judge = (fields: object, quiet = {}) =>
    judgeQuiet(noBuildIsActive, (host) => Object.assign(host['quiet-builds'], fields), { ci, quiet })
  const builds = (...statuses: string[]) => ({
    builds: {
      state: 'read',
      builds: statuses.map((status, index) => ({ number: 9 - index, status, created: 1_795_175_880 })),
    },
  })

  test.each(['pending', 'running', 'blocked', 'waiting_on_dependencies'])('a build that is %s blocks', (status) => {
    expect(only(judge(builds('success', status)))).toMatchObject({
      ...blocked,
      subject: 'owner/name',
      actual: `#8 ${status}, 2 min old`,
    })
  })

  test('builds that have ended do not', () => {
    expect(only(judge(builds('success', 'failure', 'killed', 'error', 'skipped', 'declined')))).toMatchObject({
      verdict: 'pass',
      actual: expect.stringContaining('the newest is #9, success; other repositories are not seen without a token'),
    })
  })

  test('nor does a server without any, but one that does not list them is unknown', () => {
    expect(only(judge(builds())).verdict).toBe('pass')
    expect(only(judge({ builds: { state: 'unread', why: '503' } })).verdict).toBe('unknown')
  })

  test('another repository of the same owner blocks as well', () => {
    const build = { number: 3, status: 'running' }
    const others = {
      state: 'read',
      repos: [{ slug: 'owner/name', build }, { slug: 'owner/other', build }, { slug: 'x/y' }],
    }
    expect(judge({ ...builds('success'), others })).toMatchObject([
      { verdict: 'pass' },
      { ...blocked, subject: 'owner/other', actual: '#3 running' },
    ])
  })

  test('not asked where that is not wanted, or where there is no CI', () => {
    expect(only(judge({}, { builds: false })).reason).toContain('`expect.quiet.builds`')
    expect(only(judgeQuiet(noBuildIsActive)).reason).toContain('`expect.ci`')
  })
})

describe('run apps', () => {
  const judge = (...runApps: string[]) => judgeQuiet(noRunAppIsLive, undefined, { quiet: { runApps } })

  test('are found by the name of a stack and of a service', () => {
    expect(only(judge('^traefik$'))).toMatchObject({
      ...blocked,
      subject: 'traefik',
      actual: 'matches `^traefik$`: traefik_app',
      remedy: expect.stringContaining('`pvcheck rm traefik`'),
    })
    expect(only(judge('^drone_app$'))).toMatchObject({ ...blocked, subject: 'drone' })
  })

  test('a service without a stack has its own name', () => {
    const judgements = judgeQuiet(
      noRunAppIsLive,
      (host) => Object.assign(firstService(host).Spec, { Name: 'ab12-0a1b2c', Labels: {} }),
      { quiet: { runApps: ['^ab12'] } },
    )
    expect(only(judgements)).toMatchObject({
      subject: 'ab12-0a1b2c',
      remedy: expect.stringContaining('`docker service rm ab12-0a1b2c`'),
    })
  })

  test('none that matches passes, no pattern is n/a', () => {
    expect(only(judge('^[a-z]{4}-[0-9a-f]{6}')).verdict).toBe('pass')
    expect(only(judge()).verdict).toBe('n/a')
  })
})

describe('converging services', () => {
  const judge = (change?: (host: QuietHost) => void) => only(judgeQuiet(nothingConverges, change))
  const job = { ReplicatedJob: { TotalCompletions: 3, MaxConcurrent: 1 } }

  test('a settled host passes', () => {
    expect(judge()).toMatchObject({ verdict: 'pass', actual: '5 services, all settled' })
  })

  test.each(['updating', 'rollback_started'])('an update that is %s blocks', (State) => {
    const change = (host: QuietHost) =>
      void Object.assign(firstService(host), { UpdateStatus: { State, Message: 'x' } })
    expect(judge(change)).toMatchObject({ ...blocked, actual: `${State}: x` })
  })

  test.each(['paused', 'rollback_paused', 'completed'])('one that is %s does not', (State) => {
    expect(judge((host) => void Object.assign(firstService(host), { UpdateStatus: { State } })).verdict).toBe('pass')
  })

  test('fewer tasks than wanted block, of a global service too', () => {
    const starting = (host: QuietHost) => void Object.assign(taskOfFirst(host).Status, { State: 'starting' })
    expect(judge(starting)).toMatchObject({ ...blocked, actual: '0 of 1 task running' })
    const global = (host: QuietHost) => {
      starting(host)
      Object.assign(firstService(host).Spec, { Mode: { Global: {} } })
    }
    expect(judge(global)).toMatchObject({ ...blocked, actual: '0 of 1 task running' })
  })

  test('a service that was to run once, and has, is settled; one whose next task is on its way is not', () => {
    const ended =
      (DesiredState: string, ...more: object[]) =>
      (host: QuietHost) => {
        const task = taskOfFirst(host)
        Object.assign(task, { DesiredState, Status: { ...task.Status, State: 'complete' } })
        host['quiet-swarm'].tasks.push(...more.map((fields) => ({ ...structuredClone(task), ...fields })))
      }
    expect(judge(ended('shutdown')).verdict).toBe('pass')
    expect(judge(ended('running'))).toMatchObject({ ...blocked, actual: '0 of 1 task running' })
    const next = { ID: 'next', DesiredState: 'ready', Status: { State: 'ready', Timestamp: '2026-11-20T12:00:00Z' } }
    expect(judge(ended('shutdown', next))).toMatchObject({ ...blocked, actual: '0 of 1 task running' })
    const none = (host: QuietHost) => {
      const { ID } = firstService(host)
      host['quiet-swarm'].tasks = host['quiet-swarm'].tasks.filter(({ ServiceID }) => ServiceID !== ID)
    }
    expect(judge(none)).toMatchObject({ ...blocked, actual: '0 of 1 task running' })
  })

  test('a job at work blocks, one that gave up does not', () => {
    const withTask = (state: string) => (host: QuietHost) => {
      Object.assign(firstService(host).Spec, { Mode: job })
      Object.assign(taskOfFirst(host), {
        DesiredState: 'complete',
        Status: { ...taskOfFirst(host).Status, State: state },
      })
    }
    expect(judge(withTask('running'))).toMatchObject({ ...blocked, actual: '0 of 3 completed, 1 task at work' })
    expect(judge(withTask('failed')).verdict).toBe('pass')
  })
})

test('what is overlooked does not block, and is named', () => {
  const wish = { quiet: { overlook: ['^traefik_app$'] } }
  const restless = (host: QuietHost) => {
    Object.assign(taskOfFirst(host), { DesiredState: 'shutdown' })
  }
  for (const check of [nothingConverges, noTaskIsStopping]) {
    expect(only(judgeQuiet(check, restless)).verdict).toBe('blocked')
    expect(only(judgeQuiet(check, restless, wish))).toMatchObject({
      ...{
        verdict: 'pass',
        actual: expect.stringMatching(/; overlooked as `expect.quiet.overlook` says: traefik_app$/),
      },
    })
  }
})

describe('stopping tasks', () => {
  const judge = (change?: (host: QuietHost) => void) => only(judgeQuiet(noTaskIsStopping, change))

  test('none passes; one that has ended is none', () => {
    expect(judge().verdict).toBe('pass')
    const ended = (host: QuietHost) => {
      taskOfFirst(host).DesiredState = 'shutdown'
      taskOfFirst(host).Status.State = 'shutdown'
    }
    expect(judge(ended).verdict).toBe('pass')
  })

  test.each(['shutdown', 'remove'])('one that is to %s and still runs blocks', (state) => {
    const judgement = judge((host) => void Object.assign(taskOfFirst(host), { DesiredState: state }))
    expect(judgement).toMatchObject({ ...blocked, actual: expect.stringMatching(/^\w+ of \S+ in running on \S+$/) })
  })

  test('that of a removed service is found by its absence, and a node that is down is named', () => {
    const judgement = judge((host) => {
      Object.assign(taskOfFirst(host), { DesiredState: 'remove', ServiceID: 'gone' })
      the(host['quiet-swarm'].nodes[0]).Status.State = 'down'
    })
    expect(judgement).toMatchObject({
      ...blocked,
      actual: expect.stringContaining('of a removed service'),
      remedy: expect.stringContaining('is down'),
    })
  })

  test('an attached container that is to end counts too', () => {
    const add = (host: QuietHost) =>
      host['quiet-swarm'].attachedContainers.push({ ...taskOfFirst(host), ServiceID: '', DesiredState: 'remove' })
    expect(judge((host) => void add(host))).toMatchObject(blocked)
  })
})

describe('services that wait for an address', () => {
  const withoutVip = (updatedAt: string) => (host: QuietHost) => {
    Object.assign(firstService(host), { Endpoint: {}, UpdatedAt: updatedAt })
  }

  test('block, with the network and the remedy; none passes', () => {
    expect(only(judgeQuiet(noServiceWaits)).verdict).toBe('pass')
    expect(only(judgeQuiet(noServiceWaits, withoutVip('2026-11-20T12:00:00Z')))).toMatchObject({
      verdict: 'blocked',
      code: 'SERVICE_WAITS_FOR_ADDRESS',
      actual: expect.stringMatching(/no VIP on proxy \(\w+\)/),
      remedy: expect.stringContaining('docker service rm'),
    })
  })

  test('one of a moment ago is unknown', () => {
    const change = (host: QuietHost) => withoutVip(host['quiet-swarm'].info.SystemTime)(host)
    expect(only(judgeQuiet(noServiceWaits, change)).verdict).toBe('unknown')
  })
})
