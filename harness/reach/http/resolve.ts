import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Exchange, HttpAddress } from '../../model/http.ts'
import { oneLine } from '../excerpt.ts'
import { codeOf, HttpFailure } from './failure.ts'

type Resolved = NonNullable<Exchange['resolved']>

/** Where a name leads without asking anybody: `undefined` when DNS, or the proxy, has to say. */
export function resolveHere(
  host: string,
  address: string | undefined,
  ways: Pick<HttpAddress, 'resolve' | 'proxy'>,
): Resolved | undefined {
  const override = address ?? overrideOf(host, ways.resolve)
  if (override !== undefined) return { by: 'override', addresses: [bare(override)] }
  if (isIP(host) !== 0) return { by: 'literal', addresses: [host] }
  return ways.proxy === undefined ? undefined : { by: 'proxy', addresses: [] }
}

/** Asks the system's resolver, as every other program on this machine does. */
export async function askDns(host: string): Promise<string[]> {
  try {
    const found = await lookup(host, { all: true, verbatim: true })
    return [...new Set(found.map(({ address }) => address))]
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOTFOUND') throw new HttpFailure('dns', 'DNS_NOT_FOUND', `DNS knows no address of ${host}`)
    throw new HttpFailure('dns', 'DNS_FAILED', `asking DNS for ${host} failed with ${code || oneLine(String(error))}`)
  }
}

/** By the exact name, else by the longest `*.suffix` that it ends in. */
function overrideOf(host: string, resolve: HttpAddress['resolve']): string | undefined {
  const name = normal(host)
  let best: { readonly length: number; readonly address: string } | undefined
  for (const [key, address] of Object.entries(resolve)) {
    const pattern = normal(key)
    if (pattern === name) return address
    if (!pattern.startsWith('*.') || !name.endsWith(pattern.slice(1))) continue
    if (best === undefined || pattern.length > best.length) best = { length: pattern.length, address }
  }
  return best?.address
}

function normal(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

/** Without the brackets that an IPv6 address wears in a URL. */
export function bare(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}
