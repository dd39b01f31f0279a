import type { Parsed } from './engine.ts'

const wanted = 'wanted socks5h://host:port'
const byProxy = 'only socks5h:// lets the proxy resolve the names, as whoever lives behind it sees them'

/** A SOCKS proxy that wants no password, from its URL; user information is refused, never repeated. */
export function parseSocksUrl(text: string): Parsed<{ host: string; port: number }> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) return { problem: `not the address of a proxy; ${wanted}` }
  if (url.username !== '' || url.password !== '') {
    return { problem: `a user or password for a proxy is not supported; ${wanted}` }
  }
  if (url.protocol !== 'socks5h:') return { problem: `${url.protocol}// is refused: ${byProxy}; ${wanted}` }
  const isMore = (url.pathname !== '' && url.pathname !== '/') || url.search !== '' || url.hash !== ''
  if (url.hostname === '' || isMore) return { problem: wanted }
  const port = url.port === '' ? 1080 : Number(url.port)
  return port === 0 ? { problem: wanted } : { address: { host: url.hostname.replace(/^\[|\]$/g, ''), port } }
}
