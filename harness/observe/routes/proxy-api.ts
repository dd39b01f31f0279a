import { engineInfo } from '../../model/facts/engine-info.ts'
import type { ProxyApi } from '../../model/facts/routing/proxy-api.ts'
import {
  proxyApi,
  proxyOverviewSchema,
  proxyPing,
  proxyRouterSchema,
  proxyServiceSchema,
  proxyVersionSchema,
} from '../../model/facts/routing/proxy-api.ts'
import { routes } from '../../model/facts/routing/routes.ts'
import type { Asker, Question } from '../question.ts'
import { after } from './after.ts'
import { configured } from './configured.ts'
import { type ApiOwner, askApi, askList, type List } from './proxy-lists.ts'
import { Silence } from './read-json.ts'

const proxyName = proxyRouterSchema.pick({ name: true })

/** A proxy that heard of a change between two of our requests is asked again. */
const mostReadings = 3

export const proxyQuestions: readonly Question[] = [
  {
    fact: proxyApi,
    ask: async (asker) => {
      // What the proxy knows after the last lap is what the visits are explained by.
      await after(asker, routes)
      const { proxy } = asker.wanted
      if (proxy?.api === undefined) return { state: 'not configured' } satisfies ProxyApi
      try {
        return await readWhole(asker, { ...proxy, api: proxy.api })
      } catch (error) {
        if (!(error instanceof Silence)) throw error
        return { state: 'silent', why: error.message, exchange: error.exchange } satisfies ProxyApi
      }
    },
  },
  {
    fact: proxyPing,
    ask: async (asker) => {
      const { ping, api, credentials } = { ...asker.wanted.proxy }
      const url = configured(ping, 'proxy.ping')
      await after(asker, proxyApi)
      // Liveness is often asked for in plain words at a port of its own: the API's credentials are not for there.
      const isTheirs = api === undefined || new URL(api).origin === new URL(url).origin
      return asker.http({ url, credentials: isTheirs ? credentials : undefined })
    },
  },
]

/** Reads until the lists are as long as the overview says: a shorter one might hide what is wrong. */
async function readWhole(asker: Asker, proxy: ApiOwner): Promise<unknown> {
  for (let reading = 1; ; reading++) {
    const info = engineInfo.schema.parse(await asker.engine('/info', (engine) => engine.info()))
    const at = new Date().toISOString()
    const version = proxyVersionSchema.parse(await askApi(asker, proxy, '/version', proxyVersionSchema))
    const overview = await askApi(asker, proxy, '/overview', proxyOverviewSchema)
    const routers = await askList(asker, proxy, '/http/routers', proxyRouterSchema)
    const services = await askList(asker, proxy, '/http/services', proxyServiceSchema)
    const { http } = proxyOverviewSchema.parse(overview)
    const torn = tear(routers, http.routers.total) ?? tear(services, http.services.total)
    if (torn === undefined) {
      const lists = { overview, routers: routers.items, services: services.items }
      return { state: 'answered', at, engineNow: info.SystemTime, version: version.Version, ...lists }
    }
    if (reading === mostReadings) throw torn
  }
}

/** How a list and the overview contradict each other. */
function tear({ items, exchange }: List, total: number): Silence | undefined {
  const names = new Set(items.map((item) => proxyName.parse(item).name))
  if (names.size === items.length && items.length === total) return undefined
  return new Silence(exchange, `ended a list of ${items.length} with ${names.size} names; the overview counts ${total}`)
}
