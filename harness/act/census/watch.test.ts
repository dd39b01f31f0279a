import { expect, test } from 'vitest'
import { censusSchema } from '../../model/census.ts'
import type { EngineAnswer, EngineReader } from '../../reach/engine/reader.ts'
import { changeOf, startWatch } from './watch.ts'

const settings = censusSchema.parse({})
const before = { process: '1 10', startedAt: '', cpuMs: 0, residentBytes: 100 * 2 ** 20, raftBytes: 0 }
const mib = (count: number) => count * 2 ** 20

test.each([
  ['as before', {}, undefined],
  ['256 MiB more', { residentBytes: mib(356) }, undefined],
  ['more than that', { residentBytes: mib(357) }, 'ENGINE_GREW'],
  ['500 MiB of raft log', { raftBytes: mib(500) }, undefined],
  ['more than that of it', { raftBytes: mib(501) }, 'RAFT_GREW'],
  ['another dockerd, however small', { process: '2 99', residentBytes: 0 }, 'ALLOCATOR_CHANGED'],
])('%s', (_title, change, code) => {
  expect(changeOf(before, { ...before, ...change }, settings)).toEqual(
    code === undefined ? undefined : expect.objectContaining({ code }),
  )
})

const at = '2026-11-20T10:00:00Z'
const overlay = (Id: string, Name: string) => ({
  ...{ Id, Name, Created: at, Scope: 'swarm', Driver: 'overlay', Attachable: false, Ingress: false },
  IPAM: { Driver: 'default', Config: [{ Subnet: '10.0.1.0/24', Gateway: '10.0.1.1', IPRange: '' }] },
})
const node = {
  ...{ ID: 'n1', Spec: { Role: 'manager', Availability: 'active' }, Description: { Hostname: 'one' } },
  Status: { State: 'ready', Message: '', Addr: '' },
  ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: '' },
}
const service = (Targets: readonly string[], vips: readonly string[]) => ({
  ...{ ID: 's1', CreatedAt: at, UpdatedAt: at },
  Spec: {
    ...{ Name: 'web', EndpointSpec: { Mode: 'vip' }, Mode: { Replicated: {} } },
    TaskTemplate: { Networks: Targets.map((Target) => ({ Target })) },
  },
  Endpoint: { VirtualIPs: vips.map((NetworkID) => ({ NetworkID, Addr: '10.0.1.2/24' })) },
})

/** An engine whose list of services comes after so many milliseconds, and whose networks are these by now. */
function readerOf(services: readonly unknown[], networks: readonly unknown[], afterMs = 0): EngineReader {
  const answer = async (what: string, body: unknown): Promise<EngineAnswer> => {
    return { what, startedAt: at, durationMs: 1, status: 200, body }
  }
  const refuse = async (): Promise<never> => Promise.reject(new Error('nobody asks for that'))
  let asked = 0
  return {
    ...{
      version: refuse,
      info: refuse,
      swarm: refuse,
      service: refuse,
      tasks: refuse,
      network: refuse,
      images: refuse,
    },
    ...{ containers: refuse, container: refuse, volumes: refuse, serviceLogs: refuse, configs: refuse, config: refuse },
    ...{ secrets: refuse, secret: refuse, events: refuse },
    nodes: () => answer('GET /nodes', [node]),
    networks: () => answer('GET /networks', networks),
    services: async () => {
      asked += 1
      // The first ones only tell how long a list takes.
      if (asked > 3) await new Promise((resolve) => setTimeout(resolve, afterMs))
      return answer('GET /services', services)
    },
  }
}

const known = overlay('known', 'proxy')

test('before the first look nothing is clear, and who waits then is not overlooked', async () => {
  const reader = readerOf([service(['known'], [])], [known], 50)
  await using watch = await startWatch({
    ...{ reader, run: '20261120t100000z-abcd', settings, networks: [known], nodes: [node], host: undefined },
  })
  await expect(watch.clear(AbortSignal.timeout(300))).rejects.toThrow()
})

test('who waits on a network that came after the walk began keeps it from going on', async () => {
  const reader = readerOf([service(['known', 'new'], ['known'])], [known, overlay('new', 'web_default')])
  await using watch = await startWatch({
    ...{ reader, run: '20261120t100000z-abcd', settings, networks: [known], nodes: [node], host: undefined },
  })
  await expect(watch.clear(AbortSignal.timeout(300))).rejects.toThrow()
})

test('where nobody waits it goes on', async () => {
  const reader = readerOf([service(['known', 'nowhere'], ['known'])], [known])
  await using watch = await startWatch({
    ...{ reader, run: '20261120t100000z-abcd', settings, networks: [known], nodes: [node], host: undefined },
  })
  await watch.clear(AbortSignal.timeout(300))
})
