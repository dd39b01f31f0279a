import type { Exchange } from '../../model/http.ts'
import type { Route } from '../../model/routing.ts'
import type { Asker } from '../question.ts'

/** One visit, as it came over the wire. */
export interface Walk {
  readonly hops: readonly Exchange[]
  readonly stopped?: 'loop' | 'too many'
}

/** Asks for the route, and goes where its redirects lead: as far as it allows. */
export async function follow(asker: Asker, route: Route): Promise<Walk> {
  const hops: Exchange[] = []
  const seen = new Set<string>()
  for (let url: string | undefined = new URL(route.url).href; url !== undefined; ) {
    seen.add(url)
    const hop: Exchange = await asker.http({ url, method: route.method, credentials: credentialsFor(route, url) })
    hops.push(hop)
    const next: string | undefined = route.follow === 0 ? undefined : nextUrl(hop, url)
    if (next !== undefined && seen.has(next)) return { hops, stopped: 'loop' }
    if (next !== undefined && hops.length > route.follow) return { hops, stopped: 'too many' }
    url = next
  }
  return { hops }
}

/** Only for the origin they are meant for: neither another host nor the same one without TLS is told. */
function credentialsFor(route: Route, url: string): Route['credentials'] {
  return new URL(url).origin === new URL(route.url).origin ? route.credentials : undefined
}

/** Where a redirect leads, if it is one, and leads to the web at all. */
function nextUrl({ status, headers, error }: Exchange, from: string): string | undefined {
  const location = headers?.['location']
  if (error !== undefined || location === undefined || ![301, 302, 303, 307, 308].includes(status ?? 0))
    return undefined
  const url = URL.canParse(location, from) ? new URL(location, from) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return undefined
  // A fragment is not sent: two that differ in nothing else are one request.
  url.hash = ''
  return url.href
}
