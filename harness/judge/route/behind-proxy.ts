import type { Network } from '../../model/facts/networks.ts'
import type { Exchange } from '../../model/http.ts'
import type { Route } from '../../model/routing.ts'
import { contains, parseAddress } from '../address/cidr.ts'
import { listSubnets, nameOf, subnetsOf } from '../address/overlay.ts'
import { addressesOf, addressesOn, withoutPrefix } from '../address/task-state.ts'
import { list } from '../say.ts'
import { isRunning } from '../service/control-plane.ts'
import { hostOfServer, serversFor } from './dialled.ts'
import type { Cause } from './fault.ts'
import { backendOf, type Scene } from './scene.ts'

/** Why the proxy cannot reach what is behind it, the most telling cause first; nothing where none is seen. */
export function causesBehindProxy(route: Route, exchange: Exchange, scene: Scene): readonly Cause[] {
  return [
    ...proxyOffNetwork(scene),
    ...backendLacking(route, scene),
    ...wrongNetwork(exchange, scene),
    ...backendGone(route, exchange, scene),
  ]
}

function proxyOffNetwork(scene: Scene): readonly Cause[] {
  const name = scene.wanted.proxy?.service
  if (name === undefined) return []
  const { shared } = scene
  const { running } = backendOf(name, scene)
  const astray = running.filter((task) => shared === undefined || addressesOn(shared.Id, task).length === 0)
  if (astray.length === 0) return []
  const called = scene.wanted.sharedNetwork.name
  const present = shared === undefined ? `there is no overlay ${called}` : `not attached to ${nameOf(shared)}`
  return [
    {
      code: 'PROXY_OFF_NETWORK',
      said: `${astray.length} of ${running.length} running tasks of ${name}: ${present}`,
      remedy: `\`docker service inspect ${name}\`: where its specification names the present id, \`docker service update --force ${name}\`; else deploy its stack again. A specification keeps the id of the network that it was deployed with.`,
    },
  ]
}

function backendLacking({ service: name }: Route, scene: Scene): readonly Cause[] {
  if (name === undefined) return []
  const { service, running, state } = backendOf(name, scene)
  if (service === undefined) {
    const remedy = `Deploy the stack of ${name} again, or correct \`service\` of this route in \`expect.routes\`.`
    return [{ code: 'BACKEND_MISSING', said: state, remedy }]
  }
  if (running.length > 0) return []
  return [
    {
      code: 'BACKEND_DOWN',
      said: state,
      remedy: `\`docker service ps --no-trunc ${name}\` shows the tasks; mend what the newest one says.`,
    },
  ]
}

function wrongNetwork(exchange: Exchange, scene: Scene): readonly Cause[] {
  const { shared } = scene
  const outside = shared === undefined ? [] : dialled(exchange, scene).filter((url) => isOutside(url, shared))
  if (shared === undefined || outside.length === 0) return []
  const { Name: name } = shared
  return [
    {
      code: 'WRONG_NETWORK',
      said: `the proxy dials ${list(outside, 3)}, outside of ${name} (${listSubnets(subnetsOf(shared))}): where a service has no address on the network it is told to use, it takes the first one it finds`,
      remedy: `Put the service on ${name} (\`docker service update --network-add ${name} <service>\`), and name the network in its labels: \`${networkLabel(scene)}=${name}\`.`,
    },
  ]
}

/** A server's address may be a task's, or a service's VIP. */
function backendGone({ service }: Route, exchange: Exchange, scene: Scene): readonly Cause[] {
  const held = new Set([
    ...scene.tasks.filter(isRunning).flatMap((task) => addressesOf(task).map(({ address }) => address)),
    ...scene.services.flatMap(({ Endpoint }) => (Endpoint?.VirtualIPs ?? []).map(({ Addr }) => withoutPrefix(Addr))),
  ])
  const stale = dialled(exchange, scene).filter((url) => {
    const host = hostOfServer(url)
    return parseAddress(host) !== undefined && !held.has(host)
  })
  if (stale.length === 0) return []
  const proxy = scene.wanted.proxy?.service ?? '<proxy>'
  return [
    {
      code: 'BACKEND_GONE',
      said: `the proxy dials ${list(stale, 3)}, which no running task holds`,
      remedy: `It asks the Swarm every ${scene.wanted.proxy?.refreshSeconds ?? 15} s: if this stays, \`docker service logs ${proxy}\` says why it hears nothing new${service === undefined ? '' : `, and \`docker service ps ${service}\` which tasks there are`}.`,
    },
  ]
}

/** The addresses that the proxy says it sends the request on to. */
export function dialled(exchange: Exchange, { proxyApi }: Scene): readonly string[] {
  return proxyApi.state === 'answered' ? serversFor(exchange, proxyApi) : []
}

function isOutside(url: string, shared: Network): boolean {
  const address = parseAddress(hostOfServer(url))
  const subnets = subnetsOf(shared)
  return address !== undefined && subnets.length > 0 && !subnets.some((subnet) => contains(subnet, address))
}

function networkLabel({ proxyApi }: Scene): string {
  if (proxyApi.state !== 'answered') return 'traefik.swarm.network` (version 3) or `traefik.docker.network'
  return proxyApi.version.startsWith('2') ? 'traefik.docker.network' : 'traefik.swarm.network'
}
