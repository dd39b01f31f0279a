import { describe, expect, test } from 'vitest'
import { judge, only, type RawHost, the, verdictsOf } from '../test-host/green.ts'
import { managersAreReachable } from './managers-are-reachable.ts'
import { nodeManages } from './node-manages.ts'
import { nodesAreReady } from './nodes-are-ready.ts'
import { quorumHasMargin } from './quorum-has-margin.ts'

/** Managers beside the recorded one, by their reachability, and a worker. */
function withManagers(...reachabilities: readonly string[]) {
  return (host: RawHost): void => {
    const leader = the(host.nodes[0])
    const others = reachabilities.map((Reachability, index) => ({
      ...structuredClone(leader),
      ID: `other-${index}`,
      Description: { ...leader.Description, Hostname: `manager-${index + 2}` },
      ManagerStatus: { Leader: false, Reachability, Addr: `198.51.100.${index + 10}:2377` },
    }))
    const worker = {
      ...structuredClone(leader),
      ID: 'worker',
      Spec: { ...leader.Spec, Role: 'worker' },
      ManagerStatus: null,
    }
    Object.assign(host, { nodes: [leader, ...others, worker] })
  }
}

describe('the asked node manages', () => {
  test('an active manager passes, and its Swarm is named', () => {
    expect(only(judge(nodeManages))).toMatchObject({
      verdict: 'pass',
      actual: expect.stringContaining('xrnx4q9156w7drex01hy5ua0a'),
    })
  })

  test.each([
    { LocalNodeState: 'pending' },
    { ControlAvailable: false },
    { Error: 'The swarm does not have a leader.' },
    { LocalNodeState: 'a state of the future' },
  ])('%o fails', (swarm) => {
    const judgement = only(judge(nodeManages, (host) => void Object.assign(host['engine-info'].Swarm, swarm)))
    expect(judgement).toMatchObject({ verdict: 'fail' })
  })
})

describe('nodes are ready', () => {
  test('each node is judged, and the sick one named', () => {
    const judgements = judge(nodesAreReady, (host) => {
      withManagers('reachable')(host)
      Object.assign(the(host.nodes[1]).Status, { State: 'down', Message: 'heartbeat failure' })
      the(host.nodes[2]).Spec.Availability = 'drain'
    })
    expect(verdictsOf(judgements)).toEqual([
      'manager-1 (0q7wp7bfpc3n3sng619j88og8): pass',
      'manager-2: fail',
      'manager-1 (worker): fail',
    ])
    expect(judgements[1]).toMatchObject({
      actual: 'down, active (manager): heartbeat failure',
      remedy: expect.stringContaining('node rm'),
    })
    expect(judgements[2]).toMatchObject({ remedy: expect.stringContaining('--availability active') })
  })
})

describe('managers are reachable', () => {
  test('a single manager leads itself', () => {
    expect(only(judge(managersAreReachable))).toMatchObject({
      verdict: 'pass',
      actual: 'manager-1 leads; 1 manager, all reachable',
    })
  })

  test('one that cannot be reached fails, and is named', () => {
    const judgement = only(judge(managersAreReachable, withManagers('reachable', 'unreachable')))
    expect(judgement).toMatchObject({ verdict: 'fail', actual: expect.stringContaining('not reachable: manager-3') })
  })

  test('a Swarm without a leader fails', () => {
    const judgement = only(
      judge(managersAreReachable, (host) => void Object.assign(the(host.nodes[0]).ManagerStatus, { Leader: false })),
    )
    expect(judgement).toMatchObject({ verdict: 'fail', actual: expect.stringContaining('nobody leads') })
  })
})

describe('the quorum has a margin', () => {
  test.each([
    [[], 'n/a'],
    [['reachable'], 'fail'],
    [['reachable', 'reachable'], 'pass'],
    [['reachable', 'unreachable'], 'fail'],
    [['reachable', 'reachable', 'reachable', 'unreachable'], 'pass'],
    [['reachable', 'reachable', 'unreachable', 'unreachable'], 'fail'],
  ])('one leader and %j: %s', (others, verdict) => {
    expect(only(judge(quorumHasMargin, withManagers(...others)))).toMatchObject({ verdict })
  })
})
