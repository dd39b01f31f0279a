import { performance } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import type { Check, Needs } from '../../model/check.ts'
import { addressesAreHeldOnce } from '../network/addresses-are-held-once.ts'
import { otherOverlaysHaveRoom } from '../network/other-overlays-have-room.ts'
import { servicesHaveAddresses } from '../network/services-have-addresses.ts'
import { sharedNetworkHasRoom } from '../network/shared-network-has-room.ts'
import { judge, networkIn, type RawHost, serviceIn, taskIn } from '../test-host/green.ts'
import { formatAddress } from './cidr.ts'

const services = 3000
const tasksOfEach = 5
const overlays = 100

/** A Swarm of 3,000 services on 100 overlays, with five tasks each: four of them have ended, as after updates. */
function crowd(host: RawHost): void {
  const [service, task, network] = [serviceIn(host, 'drone_app'), taskIn(host, 'drone_app'), networkIn(host, 'proxy')]
  const numbers = Array.from({ length: services }, (_, number) => number)
  const idOf = (number: number): string => `overlay-${number % overlays}`
  const addressOf = (number: number): string => `${formatAddress(0x0b00_0000 + number)}/8`
  Object.assign(host, {
    networks: [
      ...host.networks,
      ...numbers.slice(0, overlays).map((number) => ({
        ...network,
        Id: idOf(number),
        Name: idOf(number),
        IPAM: { ...network.IPAM, Config: [{ Subnet: '11.0.0.0/8', Gateway: '11.255.0.1' }] },
      })),
    ],
    services: numbers.map((number) => ({
      ...service,
      ID: `service-${number}`,
      Spec: {
        ...service.Spec,
        Name: `service-${number}`,
        TaskTemplate: { ...service.Spec.TaskTemplate, Networks: [{ Target: idOf(number) }] },
      },
      Endpoint: { VirtualIPs: [{ NetworkID: idOf(number), Addr: addressOf(number) }] },
    })),
    tasks: numbers.flatMap((number) =>
      Array.from({ length: tasksOfEach }, (_, turn) => ({
        ...task,
        ID: `task-${number}-${turn}`,
        ServiceID: `service-${number}`,
        Status: { ...task.Status, State: turn === 0 ? 'running' : 'shutdown' },
        NetworksAttachments: [{ Network: { ID: idOf(number) }, Addresses: [addressOf(services + number)] }],
      })),
    ),
  })
}

/** Judges once the facts are decoded, and tells how long that alone took. */
function timed<N extends Needs>(check: Check<N>) {
  let tookMs = 0
  const judgements = judge(
    {
      ...check,
      judge: (facts, wanted) => {
        const started = performance.now()
        const said = check.judge(facts, wanted)
        tookMs = performance.now() - started
        return said
      },
    },
    crowd,
  )
  return { tookMs, judgements }
}

// Several times what it takes; a search through all tasks for each service takes three times as long as that.
const limitMs = 400

test('each task is looked at once, however many services and overlays there are', () => {
  const held = timed(addressesAreHeldOnce)
  expect(held.judgements).toMatchObject([{ verdict: 'pass', actual: '6,001 addresses, each held once' }])
  const room = timed(otherOverlaysHaveRoom)
  expect(room.judgements).toHaveLength(overlays + 1)
  expect(room.judgements[1]?.actual).toContain('30 VIPs, 30 tasks, 0 attached containers, 1 load balancer')
  const waiting = timed(servicesHaveAddresses)
  expect(waiting.judgements).toMatchObject([{ verdict: 'pass', actual: '3,000 services, none waits' }])
  const shared = timed(sharedNetworkHasRoom)
  const times = [held, room, waiting, shared].map(({ tookMs }) => Math.round(tookMs))
  expect(Math.max(...times), `ms: ${times.join(', ')}`).toBeLessThan(limitMs)
})
