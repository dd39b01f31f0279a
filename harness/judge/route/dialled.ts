import type { ProxyAnswered, ProxyRouter } from '../../model/facts/routing/proxy-api.ts'
import type { Exchange } from '../../model/http.ts'
import { matchesRule } from './rule.ts'

/** What the proxy's own lists say of a request. */
export interface Routing {
  /** The enabled routers that match for certain; the one that wins first. */
  readonly matching: readonly ProxyRouter[]
  /** Enabled ones of which it cannot be told. */
  readonly undecided: readonly ProxyRouter[]
  /** Those that would match, were they not in error. */
  readonly disabled: readonly ProxyRouter[]
}

/** Which routers a request meets. */
export function routingOf({ method, url }: Pick<Exchange, 'method' | 'url'>, api: ProxyAnswered): Routing {
  const { hostname, pathname, protocol } = new URL(url)
  const asked = { host: hostname.toLowerCase(), path: pathname, method }
  // Where none of them has TLS, TLS may end before the proxy, which then takes for http what came as https.
  const misfit = api.routers.some(({ tls }) => tls !== undefined) ? false : undefined
  const routers = api.routers.map((router) => {
    const match = matchesRule(router.rule, asked, api.version)
    // A router answers either TLS or none.
    const fits = (router.tls !== undefined) === (protocol === 'https:')
    return { router, match: match === true && !fits ? misfit : match }
  })
  const are = (wanted: boolean | undefined, isDisabled: boolean) =>
    routers
      .filter(({ router, match }) => match === wanted && (router.status === 'disabled') === isDisabled)
      .map(({ router }) => router)
      .sort((a, b) => priorityOf(b) - priorityOf(a))
  return { matching: are(true, false), undecided: are(undefined, false), disabled: are(true, true) }
}

function priorityOf({ priority = 0, rule }: ProxyRouter): number {
  return priority === 0 ? rule.length : priority
}

/** The addresses that the proxy sends a request on to; none where that is not for certain. */
export function serversFor(exchange: Pick<Exchange, 'method' | 'url'>, api: ProxyAnswered): readonly string[] {
  const [router] = routingOf(exchange, api).matching
  if (router === undefined) return []
  const [, provider = ''] = router.name.split('@')
  const name = router.service.includes('@') ? router.service : `${router.service}@${provider}`
  const service = api.services.find((service) => service.name === name)
  return (service?.loadBalancer?.servers ?? []).map(({ url }) => url).filter((url) => url !== '')
}

/** The host of a server's URL, brackets and port taken off. */
export function hostOfServer(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}
