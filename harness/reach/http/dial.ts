import { connect, isIPv6, type Socket } from 'node:net'
import type { ExchangeError } from '../../model/http.ts'
import { codeOf, HttpFailure } from './failure.ts'

/** A socket must not end without an error: undici takes that for the end of the answer. */
const left = new Error('nobody needs the connection any more')

/** The next address is tried when the one before it has not answered for this long (RFC 8305). */
const headStartMs = 250

/**
 * Connects to whichever address answers first. Unlike Node's own `autoSelectFamily`, an address that is only slow is
 * not given up. Every socket dies with the signal.
 */
export function dial(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  const waiting = alternate(addresses)
  const under = new Set<Socket>()
  const failures: { readonly at: string; readonly code: string }[] = []
  let headStart: NodeJS.Timeout | undefined
  return new Promise<Socket>((resolve, reject) => {
    const next = () => {
      clearTimeout(headStart)
      const address = waiting.shift()
      if (address === undefined) {
        if (under.size === 0) reject(explain(failures))
        return
      }
      const socket = connect({ host: address, port, noDelay: true })
      under.add(socket)
      // Not by Node's own `signal`, which makes an error, with its stack, for each connection that ends well.
      signal.addEventListener('abort', () => socket.destroy(left), { once: true })
      // Stays for the life of the socket: an error that nobody waits for must not end the process.
      socket.on('error', (error) => {
        if (!under.delete(socket)) return
        failures.push({ at: at(address, port), code: codeOf(error) || error.message })
        next()
      })
      socket.once('connect', () => {
        under.delete(socket)
        for (const loser of under) loser.destroy()
        under.clear()
        waiting.length = 0
        clearTimeout(headStart)
        resolve(socket)
      })
      if (waiting.length > 0) headStart = setTimeout(next, headStartMs)
    }
    const give = () => {
      waiting.length = 0
      clearTimeout(headStart)
      reject(signal.reason)
    }
    if (signal.aborted) return give()
    signal.addEventListener('abort', give, { once: true })
    next()
  })
}

/** `address:port`, an IPv6 address in brackets. */
export function at(address: string, port: number): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`
}

/** The other end of a connected socket. */
export function peerOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return remoteAddress === undefined || remotePort === undefined ? undefined : at(remoteAddress, remotePort)
}

/** IPv6 and IPv4 in turn, the family of the first address first. */
function alternate(addresses: readonly string[]): string[] {
  const first = addresses.filter((address) => isIPv6(address) === isIPv6(addresses[0] ?? ''))
  const second = addresses.filter((address) => !first.includes(address))
  return first
    .flatMap((address, index) => [address, ...second.slice(index, index + 1)])
    .concat(second.slice(first.length))
}

/** What tells the most comes first: where somebody refuses, somebody is. */
const kinds: readonly {
  readonly code: ExchangeError['code']
  readonly of: readonly string[]
  readonly says: string
}[] = [
  { code: 'TCP_REFUSED', of: ['ECONNREFUSED'], says: 'refuses connections' },
  { code: 'TCP_RESET', of: ['ECONNRESET'], says: 'resets connections' },
  { code: 'TCP_TIMEOUT', of: ['ETIMEDOUT'], says: 'does not answer' },
  {
    code: 'TCP_UNREACHABLE',
    of: ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'],
    says: 'cannot be reached from here',
  },
]

function explain(failures: readonly { readonly at: string; readonly code: string }[]): HttpFailure {
  const kind = kinds.find(({ of }) => failures.some(({ code }) => of.includes(code)))
  const words = failures.map(({ at, code }) => {
    const says = kinds.find(({ of }) => of.includes(code))?.says ?? 'cannot be connected to'
    return `${at} ${says} (${code})`
  })
  return new HttpFailure('connect', kind?.code ?? 'TCP_FAILED', words.join('; '))
}
