import { randomBytes } from 'node:crypto'
import { unknownNames } from '../../model/facts/routing/controls.ts'
import { routes } from '../../model/facts/routing/routes.ts'
import type { Exchange } from '../../model/http.ts'
import { nameOfRoute } from '../../model/routing.ts'
import type { Asker, Question } from '../question.ts'
import { together } from './together.ts'

/** What a route's visits told of the place where its domain is answered. */
interface Place {
  /** Where the name that nobody knows is asked for, with the scheme, port and path of the route. */
  readonly url: URL
  readonly first: Exchange | undefined
}

/** One name for each domain, scheme, port and path, asked where the routes of that domain were answered. */
export const unknownNamesQuestion: Question = {
  fact: unknownNames,
  ask: async (asker) => {
    const places = await placesOf(asker)
    const asked = await together(places.map(async (place) => ({ place, control: await askForNobody(asker, place) })))
    const controls = []
    for (const { place, control } of asked) {
      // A server that makes certificates as they are asked for refuses some when it is busy; one alone it does not.
      const isRefused = control.exchange.error?.code === 'TLS_REFUSED'
      controls.push(isRefused ? await askForNobody(asker, place) : control)
    }
    return { controls }
  },
}

async function askForNobody(asker: Asker, { url, first }: Place) {
  const address = first === undefined ? undefined : addressOf(first)
  const where = address === undefined ? {} : { address }
  return { name: url.hostname, exchange: await asker.http({ url: url.href, trustAnyone: true, ...where }) }
}

async function placesOf(asker: Asker): Promise<readonly Place[]> {
  const seen = await asker.read(routes)
  const places = new Map<string, Place>()
  const answered = new Set<string>()
  for (const route of asker.wanted.routes) {
    const url = new URL(route.url)
    const domain = domainOf(url.hostname)
    if (domain === undefined) continue
    const where = `${url.protocol} ${domain} ${url.port}`
    const first = seen.routes.find(({ name }) => name === nameOfRoute(route))?.visits[0]?.hops[0]
    const isAnswered = first?.status !== undefined
    // A router may catch a path of any name. Where nobody answered the route, one of its domain is asked for all.
    const key = isAnswered ? `${where} ${url.pathname}` : where
    if (isAnswered) answered.add(where)
    if (places.has(key)) continue
    url.hostname = `pvcheck-${randomBytes(6).toString('hex')}.${domain}`
    places.set(key, { url, first })
  }
  for (const where of answered) places.delete(where)
  return [...places.values()]
}

/** What the names of a domain's services end in; addresses have none. */
function domainOf(host: string): string | undefined {
  if (/^[\d.]+$|^\[/.test(host)) return undefined
  const parent = host.slice(host.indexOf('.') + 1)
  // The parent of `example.org` is nobody's to route.
  return parent.includes('.') ? parent : host
}

/** Where the name of a route led, and was answered. Only the proxy knows where it led a name, and leads there again. */
function addressOf({ resolved, peer, url }: Exchange): string | undefined {
  if (resolved?.by === 'proxy') return new URL(url).hostname
  const known = resolved?.addresses ?? []
  return known.find((address) => peer?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1') === address) ?? known[0]
}
