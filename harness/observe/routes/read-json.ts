import { z } from 'zod'
import type { Exchange } from '../../model/http.ts'

/** An API that did not answer as one; thrown and caught within this folder only. */
export class Silence extends Error {
  readonly exchange: Exchange

  /** Names the request, and its layer and code, or its status, or what it was answered with. */
  constructor(exchange: Exchange, what: string) {
    super(`${exchange.method} ${exchange.url} ${what}`)
    this.exchange = exchange
  }
}

/**
 * The JSON of an answer, as it came, once it has the shape. A page with status 200 is no answer of an API, and neither is
 * JSON that means something else: throws `Silence`.
 */
export function readJson(exchange: Exchange, schema: z.ZodType): unknown {
  const { status, headers, error, truncated } = exchange
  if (error !== undefined) throw new Silence(exchange, `failed (${error.phase}, ${error.code}): ${error.message}`)
  if (status !== 200) throw new Silence(exchange, `was answered with ${status}`)
  if (truncated) throw new Silence(exchange, 'was answered with more than is read of a body')
  const json = parse(exchange)
  const parsed = schema.safeParse(json)
  if (parsed.success) return json
  const type = headers?.['content-type'] ?? 'no content type'
  throw new Silence(exchange, `was answered with 200 (${type}), and not as wanted: ${z.prettifyError(parsed.error)}`)
}

/** `undefined` where it is no JSON, which no schema takes. */
function parse({ body = '' }: Exchange): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
