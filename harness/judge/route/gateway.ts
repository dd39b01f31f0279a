import type { Exchange } from '../../model/http.ts'
import type { Route } from '../../model/routing.ts'
import { list } from '../say.ts'
import { causesBehindProxy, dialled } from './behind-proxy.ts'
import type { Cause } from './fault.ts'
import { backendOf, type Scene } from './scene.ts'

const meanings = {
  502: 'the proxy was refused by what is behind it',
  503: 'the proxy has nothing healthy to send the request to',
  504: 'the proxy waited for what is behind it in vain',
} as const
type GatewayStatus = keyof typeof meanings

/** Whether the status is one by which a proxy tells of what is behind it. */
export function isGatewayStatus(status: number): status is GatewayStatus {
  return status in meanings
}

/** Why the proxy could not pass the request on; `always` where every visit ended alike. */
export function gatewayCauses(
  route: Route,
  exchange: Exchange & { readonly status: GatewayStatus },
  scene: Scene,
  always: boolean,
): readonly [Cause, ...Cause[]] {
  const { status } = exchange
  const layer = { code: `GATEWAY_${status}`, said: meanings[status] }
  const [first, ...others] = causesBehindProxy(route, exchange, scene)
  if (first !== undefined) return [first, ...others, layer]
  const misdialled = always ? misdialledCause(route, exchange, scene) : undefined
  if (misdialled !== undefined) return [misdialled, layer]
  return [{ ...layer, remedy: remedyFor(route, status) }]
}

/** Its task runs, is on the network, and still refuses: then it is not where, or how, it is asked. */
function misdialledCause(
  { service }: Route,
  exchange: Exchange & { readonly status: GatewayStatus },
  scene: Scene,
): Cause | undefined {
  if (service === undefined || exchange.status === 504 || !isProxysOwn(exchange)) return undefined
  const { running, desired } = backendOf(service, scene)
  if (desired === 0 || running.length < desired) return undefined
  const servers = dialled(exchange, scene)
  const where = servers.length === 0 ? '' : ` (it dials ${list(servers, 3)})`
  return {
    code: 'WRONG_PORT_OR_HEALTH_PATH',
    said: `${exchange.status} in all visits while ${service} has ${running.length} of ${desired} running: not routing; the port the router dials${where}, or the health path, is wrong`,
    remedy: `Compare the label \`traefik.http.services.<name>.loadbalancer.server.port\` of ${service}, and \`loadbalancer.healthcheck.path\` where it has one, with what the container listens on and answers; it must listen on all addresses, not on 127.0.0.1 alone.`,
  }
}

/** A service may send such a status itself, and then with a page of its own. */
function isProxysOwn({ body, headers }: Exchange): boolean {
  if (body === undefined || body.trim() === '') return true
  return (
    /^(?:bad gateway|service unavailable|no available server)$/i.test(body.trim()) &&
    !/html/.test(headers?.['content-type'] ?? '')
  )
}

function remedyFor({ service }: Route, status: GatewayStatus): string {
  const which = service ?? '<service>'
  if (status === 504) {
    return `See from the node of the proxy whether the task's address and port answer: traffic between nodes wants 7946 tcp and udp, and 4789 udp; \`docker service logs ${which}\` shows one that is too slow.`
  }
  const named = service === undefined ? ' Name its `service` in `expect.routes`, and the next run tells more.' : ''
  return `\`docker service ps --no-trunc ${which}\` and \`docker service logs ${which}\` tell of what is behind the route.${named}`
}
