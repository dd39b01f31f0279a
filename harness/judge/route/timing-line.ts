import type { Exchange } from '../../model/http.ts'
import { list } from '../say.ts'

const phases = [
  ['dns', 'dnsMs'],
  ['tcp', 'connectMs'],
  ['tls', 'tlsMs'],
  ['first byte', 'firstByteMs'],
] as const

/** `200 from 198.51.100.2:443 in 12 ms (dns 0, tcp 1, tls 5, first byte 6)`: of several, the slowest, and who else answered. */
export function timingLine(answers: readonly [Exchange, ...Exchange[]]): string {
  const slowest = answers.reduce((a, b) => (b.durationMs > a.durationMs ? b : a))
  const peers = [...new Set([slowest, ...answers].map(whoAnswered).filter((peer) => peer !== undefined))]
  const from = peers.length === 0 ? '' : ` from ${list(peers, 3)}`
  const parts = phases.flatMap(([name, key]) => {
    const ms = slowest.timings[key]
    return ms === undefined ? [] : [`${name} ${Math.round(ms)}`]
  })
  const split = parts.length === 0 ? '' : ` (${parts.join(', ')})`
  const which = answers.length === 1 ? '' : `, the slowest of ${answers.length} visits`
  return `${slowest.status ?? 'no status'}${from} in ${Math.round(slowest.durationMs)} ms${split}${which}`
}

/** Through a SOCKS proxy the address of the other end is the proxy's: its port is another one than was asked for. */
function whoAnswered({ peer, url }: Exchange): string | undefined {
  const { port, protocol } = new URL(url)
  const asked = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  return peer === undefined || peer.endsWith(`:${asked}`) ? peer : `behind the SOCKS proxy ${peer}`
}
