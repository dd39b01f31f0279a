import { plain } from '../../core/text.ts'
import type { ProxyRouter } from '../../model/facts/routing/proxy-api.ts'
import type { Exchange } from '../../model/http.ts'
import type { Route } from '../../model/routing.ts'
import { list } from '../say.ts'
import { routingOf } from './dialled.ts'
import type { Cause } from './fault.ts'
import type { Scene } from './scene.ts'

/** Whose a 404 is: the router's, which knows no such route, or that of a service which knows no such page. */
export function notFoundCause(route: Route, exchange: Exchange, { proxyApi, wanted }: Scene): Cause {
  const words = inRoutersWords(exchange)
  if (proxyApi.state !== 'answered') {
    const how = `its API ${proxyApi.state === 'silent' ? 'did not answer' : 'is not configured'}; told by the words of the answer`
    if (words === undefined) return undecided(how)
    return words
      ? routerCause(exchange, `no router of the proxy knows ${exchange.url} (${how})`, wanted.proxy?.service)
      : backendCause(route, how)
  }
  const { matching, undecided: unclear, disabled } = routingOf(exchange, proxyApi)
  const [router] = matching
  if (router !== undefined) return backendCause(route, `router ${router.name} sends it to ${router.service}`)
  if (unclear.length > 0) {
    const how = `whether ${list(unclear.map(sayRouter), 3)} takes it cannot be told from here`
    // The router has no other words for it: what reads otherwise came from behind it.
    return words === false ? backendCause(route, how) : undecided(how)
  }
  const [broken] = disabled
  const said =
    broken === undefined
      ? `no router of the ${proxyApi.routers.length} that the proxy has matches ${exchange.url}`
      : `router ${broken.name} would match, and is disabled: ${plain((broken.error ?? []).join('; ') || 'no error given', 200)}`
  return routerCause(exchange, said, wanted.proxy?.service)
}

function routerCause({ url }: Exchange, said: string, proxy: string | undefined): Cause {
  const log = proxy === undefined ? 'the log of the proxy' : `\`docker service logs ${proxy}\``
  return {
    code: 'ROUTER_404',
    said,
    remedy: `Deploy the stack again with a router for it (\`traefik.enable=true\`, a rule with \`Host(\`${new URL(url).hostname}\`)\`, its entry point, and \`tls\` where it is to answer https); ${log} says which labels it refuses.`,
  }
}

function backendCause({ service }: Route, how: string): Cause {
  return {
    code: 'BACKEND_404',
    said: `the service behind the router knows no such page (${how})`,
    remedy: `Correct the path of this route in \`expect.routes\`, or deploy ${service ?? 'the service'} in the version that has it.`,
  }
}

function undecided(how: string): Cause {
  return {
    code: 'STATUS_404',
    said: `whether the router or the service behind it says so cannot be told: ${how}`,
    remedy: "Name the proxy's API in `expect.proxy.api`, or look for a router of this name on its dashboard.",
  }
}

/** Undefined where there is no body to tell by. Every Go program may say the same, so that this alone proves little. */
function inRoutersWords({ method, body, headers }: Exchange): boolean | undefined {
  if (method === 'HEAD' || body === undefined) return undefined
  return body.trim() === '404 page not found' && (headers?.['content-type'] ?? '').startsWith('text/plain')
}

function sayRouter({ name, rule }: ProxyRouter): string {
  return `${name} (${plain(rule, 100)})`
}
