import { z } from 'zod'
import type { Exchange } from '../../model/http.ts'
import type { proxySchema } from '../../model/routing.ts'
import type { Asker } from '../question.ts'
import { readJson, Silence } from './read-json.ts'
import { urlBelow } from './url-below.ts'

export type ApiOwner = z.infer<typeof proxySchema> & { readonly api: string }

const mostPages = 100
/** What Traefik gives by itself, too. */
const perPage = 100

export interface List {
  readonly items: readonly unknown[]
  /** The request for its last page. */
  readonly exchange: Exchange
}

/** One answer of the proxy's API. Throws `Silence`. */
export async function askApi(asker: Asker, proxy: ApiOwner, path: string, schema: z.ZodType): Promise<unknown> {
  return readJson(await ask(asker, proxy, path), schema)
}

/**
 * All pages of a list. Throws `Silence`, also of one that goes on in a way Traefik's do not: it may have been cut short.
 */
export async function askList(asker: Asker, proxy: ApiOwner, path: string, item: z.ZodType): Promise<List> {
  const items: unknown[] = []
  for (let page = 1; ; page++) {
    const exchange = await ask(asker, proxy, path, { page, per_page: perPage })
    items.push(...z.array(z.unknown()).parse(readJson(exchange, z.array(item))))
    // After the last page comes the first.
    const next = exchange.headers?.['x-next-page'] ?? '1'
    if (next === '1') return { items, exchange }
    if (next !== String(page + 1)) throw new Silence(exchange, `names "${next}" as the page after ${page}`)
    if (page === mostPages) throw new Silence(exchange, `goes on after ${mostPages} pages`)
  }
}

function ask(asker: Asker, proxy: ApiOwner, path: string, query?: Readonly<Record<string, number>>): Promise<Exchange> {
  return asker.http({ url: urlBelow(proxy.api, path, query), credentials: proxy.credentials })
}
