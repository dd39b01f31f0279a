import type { Socket } from 'node:net'
import { SocksClient } from 'socks'
import { messageOf } from '../../core/errors.ts'
import type { ExchangeError } from '../../model/http.ts'
import { HttpFailure } from './failure.ts'

/** What a SOCKS5 proxy says of the destination (RFC 1928, section 6), in the words of the library. */
const replies: Readonly<Record<string, Pick<ExchangeError, 'phase' | 'code'> & { readonly says: string }>> = {
  Failure: {
    phase: 'proxy',
    code: 'SOCKS_FAILED',
    says: 'reports a general failure; most proxies say so of a name that they cannot resolve',
  },
  NotAllowed: { phase: 'proxy', code: 'SOCKS_DENIED', says: 'does not allow the connection' },
  NetworkUnreachable: { phase: 'connect', code: 'SOCKS_TARGET_UNREACHABLE', says: 'cannot reach its network' },
  HostUnreachable: { phase: 'connect', code: 'SOCKS_TARGET_UNREACHABLE', says: 'cannot reach it, or not resolve it' },
  ConnectionRefused: { phase: 'connect', code: 'SOCKS_TARGET_REFUSED', says: 'was refused a connection by it' },
  TTLExpired: { phase: 'connect', code: 'SOCKS_TARGET_TIMEOUT', says: 'got no answer from it' },
  CommandNotSupported: { phase: 'proxy', code: 'SOCKS_PROTOCOL', says: 'does not know the command CONNECT' },
  AddressNotSupported: { phase: 'proxy', code: 'SOCKS_PROTOCOL', says: 'does not know this kind of address' },
}

/** A name longer than that does not fit into the request; the library would throw where nobody can catch it. */
const maxNameBytes = 255

/** Asks the proxy at the other end of `socket` for a connection onwards; names are resolved by the proxy. */
export async function passProxy(
  socket: Socket,
  proxy: { readonly host: string; readonly port: number },
  to: { readonly host: string; readonly port: number },
  timeoutMs: number,
): Promise<void> {
  if (Buffer.byteLength(to.host) > maxNameBytes) {
    throw new HttpFailure('dns', 'DNS_FAILED', `a name of ${to.host.length} characters cannot be resolved by anybody`)
  }
  try {
    await SocksClient.createConnection({
      proxy: { ...proxy, type: 5 },
      command: 'connect',
      destination: to,
      existing_socket: socket,
      // Ours comes first; this one only lets go of what the library holds.
      timeout: timeoutMs * 2,
    })
  } catch (error) {
    throw explain(messageOf(error), proxy, to)
  }
}

type Place = { readonly host: string; readonly port: number }

function explain(message: string, proxy: Place, to: Place): HttpFailure {
  const via = `the SOCKS proxy ${proxy.host}:${proxy.port}`
  const reply = replies[/rejected connection - (\w+)/.exec(message)?.[1] ?? '']
  if (reply !== undefined) {
    return new HttpFailure(reply.phase, reply.code, `asked for ${to.host}:${to.port}, ${via} ${reply.says}`)
  }
  if (/accepted authentication type|Authentication failed|unknown authentication/.test(message)) {
    return new HttpFailure('proxy', 'SOCKS_AUTH', `${via} wants a user name and a password`)
  }
  if (/invalid|rejected/i.test(message)) {
    return new HttpFailure('proxy', 'SOCKS_PROTOCOL', `${via} does not answer in SOCKS5: ${message}`)
  }
  return new HttpFailure('proxy', 'SOCKS_FAILED', `asked for ${to.host}:${to.port}, ${via} broke off: ${message}`)
}
