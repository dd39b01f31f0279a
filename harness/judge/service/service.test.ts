import { describe, expect, test } from 'vitest'
import { ago, judge, networkIn, type RawHost, serviceIn, taskIn, the, verdictsOf } from '../test-host/green.ts'
import { controlPlaneRuns } from './control-plane-runs.ts'
import { restartsAreFew } from './restarts-are-few.ts'
import { stacksAreComplete } from './stacks-are-complete.ts'
import { tasksAreNotStuck } from './tasks-are-not-stuck.ts'
import { tasksAreOnSharedNetwork } from './tasks-are-on-shared-network.ts'
import { updatesAreFinished } from './updates-are-finished.ts'

const drone = { controlPlane: [{ service: 'drone_app' }] }
const remove = (name: string) => (host: RawHost) =>
  void Object.assign(host, { services: host.services.filter(({ Spec }) => Spec.Name !== name) })
const status = (fields: object) => (host: RawHost) => void Object.assign(taskIn(host, 'drone_app').Status, fields)

/** A task of the past beside the running one. */
const pastTask = (createdAgo: number, endedAgo: number, fields: object) => (host: RawHost) => {
  const task = structuredClone(taskIn(host, 'drone_app'))
  Object.assign(task, { ID: `past-${createdAgo}`, DesiredState: 'shutdown', CreatedAt: ago(host, createdAgo) })
  Object.assign(task.Status, { Timestamp: ago(host, endedAgo), ...fields })
  host.tasks.push(task)
}

describe('stacks are complete', () => {
  test('all stacks are told with their numbers of services', () => {
    expect(judge(stacksAreComplete)).toMatchObject([
      { verdict: 'pass', actual: 'ccci-bridge 1, ccci-dashboard 1, ccci-reports 1, drone 1, traefik 1' },
    ])
  })

  test('a stack that is gone, and one that lacks a service, fail by name', () => {
    const judgements = judge(stacksAreComplete, remove('drone_app'), {
      stacks: { drone: 1, traefik: 2, 'ccci-bridge': 1 },
    })
    expect(verdictsOf(judgements)).toEqual(['drone: fail', 'traefik: fail'])
  })

  test('with nothing expected the stacks are still told', () => {
    expect(judge(stacksAreComplete, undefined, { stacks: {} })).toMatchObject([
      { verdict: 'n/a', actual: expect.stringContaining('traefik 1') },
    ])
  })
})

describe('the control plane runs', () => {
  test.each([
    ['a service that is missing', 'fail', remove('drone_app')],
    ['a task that does not run', 'fail', status({ State: 'preparing' })],
    ['a service scaled to none', 'fail', scale(0)],
    ['a service that lacks a replica', 'fail', scale(2)],
    ['a global service', 'pass', mode({ Global: {} })],
    ['a job that has completed', 'pass', job(1, 'complete')],
    ['a job that has failed', 'fail', job(1, 'failed')],
    ['a job that has runs to go', 'fail', job(3, 'complete')],
  ])('%s: %s', (_, verdict, change) => {
    expect(judge(controlPlaneRuns, change, drone)).toMatchObject([{ subject: 'drone_app', verdict }])
  })

  test('what the newest task says is the reason', () => {
    const change = status({ State: 'rejected', Err: 'No such image: nonesuch:9' })
    expect(judge(controlPlaneRuns, change, drone)).toMatchObject([{ reason: 'rejected: No such image: nonesuch:9' }])
  })

  test('a global service that fits no node fails', () => {
    const change = (host: RawHost): void => {
      mode({ Global: {} })(host)
      Object.assign(taskIn(host, 'drone_app'), { DesiredState: 'shutdown' })
    }
    expect(judge(controlPlaneRuns, change, drone)).toMatchObject([{ verdict: 'fail' }])
  })

  test('a task that is told to stop does not count as running', () => {
    const change = (host: RawHost) => void Object.assign(taskIn(host, 'drone_app'), { DesiredState: 'shutdown' })
    expect(judge(controlPlaneRuns, change, drone)).toMatchObject([{ verdict: 'fail', actual: '0 of 1 running' }])
  })

  test('without a control plane it does not apply', () => {
    expect(judge(controlPlaneRuns, undefined, { controlPlane: [] })).toMatchObject([{ verdict: 'n/a' }])
  })
})

function mode(Mode: object) {
  return (host: RawHost) => void Object.assign(serviceIn(host, 'drone_app').Spec, { Mode })
}

function scale(Replicas: number) {
  return mode({ Replicated: { Replicas } })
}

function job(TotalCompletions: number, State: string) {
  return (host: RawHost): void => {
    mode({ ReplicatedJob: { MaxConcurrent: 1, TotalCompletions } })(host)
    Object.assign(serviceIn(host, 'drone_app'), { JobStatus: { JobIteration: { Index: 7 } } })
    Object.assign(taskIn(host, 'drone_app'), { DesiredState: 'complete', JobIteration: { Index: 7 } })
    status({ State })(host)
  }
}

describe('tasks are not stuck', () => {
  const since = (State: string, seconds: number) => (host: RawHost) =>
    status({ State, Message: '', Timestamp: ago(host, seconds) })(host)

  test.each([
    ['new', 61, 'fail'],
    ['pending', 61, 'fail'],
    ['new', 59, 'pass'],
    ['preparing', 61, 'unknown'],
    ['starting', 61, 'unknown'],
    ['preparing', 59, 'pass'],
    ['running', 9999, 'pass'],
  ])('%s for %d s: %s', (state, seconds, verdict) => {
    expect(judge(tasksAreNotStuck, since(state, seconds), drone)).toMatchObject([{ subject: 'drone_app', verdict }])
  })

  test('the limit is as configured', () => {
    const wish = { ...drone, tasks: { stuckAfterSeconds: 600 } }
    expect(judge(tasksAreNotStuck, since('new', 500), wish)).toMatchObject([{ verdict: 'pass' }])
  })

  test('a task that waits out its restart delay is not stuck', () => {
    const change = (host: RawHost): void => {
      since('ready', 300)(host)
      Object.assign(taskIn(host, 'drone_app'), { DesiredState: 'ready' })
    }
    expect(judge(tasksAreNotStuck, change, drone)).toMatchObject([{ verdict: 'pass' }])
  })

  test('a service that is missing is unknown here', () => {
    expect(judge(tasksAreNotStuck, remove('drone_app'), drone)).toMatchObject([{ verdict: 'unknown' }])
  })
})

describe('restarts are few', () => {
  /** dockerd was started this many seconds before the engine's "now". */
  const up = (seconds: number) => (host: RawHost) => {
    const started = ago(host, seconds).replace('T', ' ').replace('Z', ' UTC')
    const stdout = host['engine-unit'].stdout.replace(/^(ExecMainStartTimestamp=).*$/m, `$1Fri ${started}`)
    Object.assign(host['engine-unit'], { stdout })
  }
  const whenUp =
    (...changes: readonly ((host: RawHost) => void)[]) =>
    (host: RawHost) => {
      for (const change of [up(90_000), ...changes]) change(host)
    }

  test.each([
    ['a task that failed', { State: 'failed', Err: 'task: non-zero exit (3)' }, 'fail'],
    ['a task that a node refused', { State: 'rejected', Err: 'No such image: nonesuch:9' }, 'fail'],
    ['a task that ended by itself', { State: 'complete' }, 'fail'],
    ['a task that was shut down in trouble', { State: 'shutdown', Err: 'No such container' }, 'fail'],
    ['a task that an update shut down', { State: 'shutdown' }, 'pass'],
    ['a task that a removed node took away', { State: 'orphaned' }, 'fail'],
  ])('%s: %s', (_, fields, verdict) => {
    expect(judge(restartsAreFew, whenUp(pastTask(600, 300, fields)), drone)).toMatchObject([{ verdict }])
  })

  const failed = { State: 'failed', Err: 'task: non-zero exit (3)' }

  test('only the window counts', () => {
    expect(judge(restartsAreFew, whenUp(pastTask(9000, 3601, failed)), drone)).toMatchObject([{ verdict: 'pass' }])
  })

  test('as many as are tolerated pass', () => {
    const two = whenUp(pastTask(600, 500, failed), pastTask(500, 400, failed))
    expect(judge(restartsAreFew, two, { ...drone, tasks: { maxRestarts: 2 } })).toMatchObject([
      { verdict: 'pass', actual: '2 restarts' },
    ])
    expect(judge(restartsAreFew, two, { ...drone, tasks: { maxRestarts: 1 } })).toMatchObject([{ verdict: 'fail' }])
  })

  describe('with a Swarm that remembers few tasks', () => {
    const remembers = (limit: number) => (host: RawHost) =>
      void Object.assign(host['engine-info'].Swarm.Cluster, {
        Spec: { Orchestration: { TaskHistoryRetentionLimit: limit } },
      })
    const created = (service: number, task: number) => (host: RawHost) => {
      Object.assign(serviceIn(host, 'drone_app'), { CreatedAt: ago(host, service) })
      Object.assign(taskIn(host, 'drone_app'), { CreatedAt: ago(host, task) })
    }
    const old = 90_000

    test.each([
      ['a task from the window, those before it forgotten', 'unknown', [created(old, 60), remembers(1)]],
      ['a task from before the window', 'pass', [created(old, 3700), remembers(1)]],
      ['a task that was made together with its service', 'pass', [created(60, 59), remembers(1)]],
      ['a slot with room for more tasks', 'pass', [created(old, 60), remembers(5)]],
      ['a Swarm that forgets nothing', 'pass', [created(old, 60), remembers(-1)]],
      ['a full slot, all tolerated', 'unknown', [created(old, 60), pastTask(90, 70, failed), remembers(2)]],
      ['a full slot that reaches back', 'pass', [created(old, 60), pastTask(3700, 70, failed), remembers(2)]],
      ['a task from before the start of dockerd', 'pass', [created(old, 60), remembers(1), up(30)]],
    ] as const)('%s: %s', (_, verdict, changes) => {
      const wish = { ...drone, tasks: { maxRestarts: 4 } }
      expect(judge(restartsAreFew, whenUp(...changes), wish)).toMatchObject([{ verdict }])
    })
  })

  test('what was there before dockerd was started ended with it', () => {
    expect(judge(restartsAreFew, whenUp(pastTask(600, 290, failed), up(300)), drone)).toMatchObject([
      { verdict: 'pass', actual: '0 restarts; 1 from before the start of dockerd is not counted' },
    ])
  })

  test('what the node refuses while dockerd warms up is no fault of the service', () => {
    const refused = { State: 'rejected', Err: 'cannot create a swarm scoped network when swarm is not active' }
    expect(judge(restartsAreFew, whenUp(up(300), pastTask(299, 290, refused)), drone)).toMatchObject([
      { verdict: 'pass' },
    ])
    expect(judge(restartsAreFew, whenUp(up(300), pastTask(299, 200, refused)), drone)).toMatchObject([
      { verdict: 'fail' },
    ])
    expect(judge(restartsAreFew, whenUp(up(300), pastTask(299, 290, failed)), drone)).toMatchObject([
      { verdict: 'fail' },
    ])
  })

  test('a stopped unit does not tell when the dockerd that answers was started', () => {
    const stopped = (host: RawHost) => {
      const stdout = host['engine-unit'].stdout.replace('ActiveState=active', 'ActiveState=inactive')
      Object.assign(host['engine-unit'], { stdout })
    }
    expect(judge(restartsAreFew, whenUp(pastTask(600, 300, failed), stopped), drone)).toMatchObject([
      { verdict: 'unknown', reason: expect.stringContaining('PV-ENG-003') },
    ])
  })
})

describe('tasks are on the shared network', () => {
  const attachment = (host: RawHost) => the(taskIn(host, 'drone_app').NetworksAttachments[0])

  test('the address is told', () => {
    expect(judge(tasksAreOnSharedNetwork, undefined, drone)).toMatchObject([
      { verdict: 'pass', actual: expect.stringMatching(/^10\.10\.0\.\d+$/) },
    ])
  })

  test('a task on a network of that name that is gone fails, although its service names the present one', () => {
    const change = (host: RawHost) => void Object.assign(attachment(host).Network, { ID: 'theformernetworksid' })
    expect(judge(tasksAreOnSharedNetwork, change, drone)).toMatchObject([
      { verdict: 'fail', actual: expect.stringContaining('on an older proxy (theformernetworksid)') },
    ])
  })

  test('a task with no attachment fails', () => {
    const change = (host: RawHost) => void Object.assign(taskIn(host, 'drone_app'), { NetworksAttachments: null })
    expect(judge(tasksAreOnSharedNetwork, change, drone)).toMatchObject([
      { verdict: 'fail', actual: expect.stringMatching(/not on it$/) },
    ])
  })

  test('an address outside of the present subnet fails', () => {
    const change = (host: RawHost) => void Object.assign(attachment(host), { Addresses: ['10.0.1.9/24'] })
    expect(judge(tasksAreOnSharedNetwork, change, drone)).toMatchObject([
      { verdict: 'fail', actual: expect.stringContaining('10.0.1.9') },
    ])
  })

  test('a service that need not be on it is left out', () => {
    const wish = { controlPlane: [{ service: 'traefik_app' }, { service: 'drone_app', onSharedNetwork: false }] }
    expect(verdictsOf(judge(tasksAreOnSharedNetwork, undefined, wish))).toEqual(['traefik_app: pass'])
  })

  test.each([
    ['no running task', status({ State: 'failed' })],
    ['no such network', (host: RawHost) => void Object.assign(networkIn(host, 'proxy'), { Name: 'web' })],
  ])('%s is unknown', (_, change) => {
    expect(judge(tasksAreOnSharedNetwork, change, drone)).toMatchObject([{ verdict: 'unknown' }])
  })
})

describe('updates are finished', () => {
  test.each([
    [undefined, 'pass'],
    [{ State: 'completed', Message: 'update completed' }, 'pass'],
    [{ State: 'rollback_completed' }, 'pass'],
    [{ State: 'updating' }, 'unknown'],
    [{ State: 'paused', Message: 'update paused due to failure' }, 'fail'],
    [{ State: 'rollback_paused' }, 'fail'],
    [{ State: 'a state of the future' }, 'fail'],
  ])('%j: %s', (UpdateStatus, verdict) => {
    const change = (host: RawHost) => void Object.assign(serviceIn(host, 'drone_app'), { UpdateStatus })
    expect(judge(updatesAreFinished, change, drone)).toMatchObject([{ verdict }])
  })
})
