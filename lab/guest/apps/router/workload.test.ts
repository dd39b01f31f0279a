import { describe, expect, test } from 'vitest'
import { memoryLog, recipeLabels, staticConfig } from './testing.ts'
import type { EngineService, EngineTask } from './types.ts'
import { listWorkloads } from './workload.mjs'

const networks = [
  { Id: 'p', Name: 'proxy' },
  { Id: 'o', Name: 'other' },
]

function service(labels: Record<string, string> = {}, mode = 'vip'): EngineService {
  return {
    ID: 's1',
    Spec: { Name: 'a_app', Labels: { ...recipeLabels('a', 'a.test'), ...labels }, EndpointSpec: { Mode: mode } },
    Endpoint: { VirtualIPs: [{ NetworkID: 'p', Addr: '10.10.0.2/16' }] },
  }
}

function task(state: string, attachments: [string, string][], slot = 1): EngineTask {
  const NetworksAttachments = attachments.map(([ID, address]) => ({ Network: { ID }, Addresses: [address] }))
  return { ID: `t${slot}`, ServiceID: 's1', Slot: slot, Status: { State: state }, NetworksAttachments }
}

function list(one: EngineService, tasks: readonly EngineTask[]) {
  const log = memoryLog()
  return { workloads: listWorkloads([one], networks, () => tasks, staticConfig(), log), log }
}

describe('the workloads', () => {
  test('are the running tasks, with their own addresses', () => {
    const { workloads } = list(service(), [
      task('running', [
        ['o', '10.0.9.3/24'],
        ['p', '10.10.0.7/16'],
      ]),
      task('starting', [['p', '10.10.0.8/16']], 2),
    ])
    expect(workloads).toMatchObject([
      {
        name: 'a_app.1',
        networks: [
          { name: 'other', address: '10.0.9.3' },
          { name: 'proxy', address: '10.10.0.7' },
        ],
      },
    ])
  })

  test('leave out networks that no longer exist, and tasks that are on no other', () => {
    expect(list(service(), [task('running', [['gone', '10.0.1.7/24']])]).workloads).toEqual([])
  })

  test('are the VIP where the labels ask for it', () => {
    const { workloads } = list(service({ 'traefik.swarm.lbswarm': 'true' }), [])
    expect(workloads).toMatchObject([{ name: 'a_app', networks: [{ name: 'proxy', address: '10.10.0.2' }] }])
  })

  test('warn of a VIP that a service without one cannot have', () => {
    const { workloads, log } = list(service({ 'traefik.swarm.lbswarm': 'true' }, 'dnsrr'), [])
    expect(workloads).toEqual([])
    expect(log.lines).toEqual([
      'warn Ignored dnsrr endpoint-mode not supported, service name: a_app. Fallback to Traefik load balancing',
    ])
  })

  test('leave out a service whose labels make no sense', () => {
    const { workloads, log } = list(service({ 'traefik.enable': 'maybe' }), [task('running', [['p', '10.10.0.7/16']])])
    expect(workloads).toEqual([])
    expect(log.lines).toEqual(['error Skip container a_app'])
  })
})
