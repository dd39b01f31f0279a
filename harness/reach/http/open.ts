import type { Socket } from 'node:net'
import type { Exchange, HttpAddress } from '../../model/http.ts'
import type { Deadlines } from './deadlines.ts'
import { at, dial, peerOf } from './dial.ts'
import { HttpFailure } from './failure.ts'
import { askDns, bare, resolveHere } from './resolve.ts'
import { passProxy } from './socks.ts'
import { msSince } from './stopwatch.ts'

export interface Place {
  readonly host: string
  readonly port: number
  /** Dialled instead of whatever `host` leads to. */
  readonly address?: string | undefined
}

/** What is known of a connection, filled in as it comes to be, so that a failure leaves what came before it. */
export interface Opening {
  resolved?: Exchange['resolved']
  peer?: string | undefined
  readonly timings: { dnsMs?: number | undefined; connectMs?: number | undefined }
}

/** A connected socket to a place, by the ways of `ways`. */
export async function open(place: Place, ways: HttpAddress, opening: Opening, deadlines: Deadlines): Promise<Socket> {
  const host = bare(place.host)
  let resolved = resolveHere(host, place.address, ways)
  if (resolved === undefined) {
    const started = performance.now()
    resolved = { by: 'dns', addresses: await resolve(host, ways, deadlines) }
    opening.timings.dnsMs = msSince(started)
  }
  opening.resolved = resolved
  const { proxy } = ways
  if (proxy !== undefined) {
    return throughProxy(proxy, { host: resolved.addresses[0] ?? host, port: place.port }, ways, opening, deadlines)
  }
  const { addresses } = resolved
  const { connectMs } = ways.timeouts
  const started = performance.now()
  const late = () => {
    const all = addresses.map((address) => at(address, place.port)).join(', ')
    return new HttpFailure('connect', 'TCP_TIMEOUT', `no connection to ${all} within ${connectMs} ms`)
  }
  const socket = await deadlines.within(connectMs, late, () => dial(addresses, place.port, deadlines.signal))
  opening.timings.connectMs = msSince(started)
  opening.peer = peerOf(socket)
  return socket
}

async function resolve(host: string, { timeouts: { dnsMs } }: HttpAddress, deadlines: Deadlines): Promise<string[]> {
  const late = () => new HttpFailure('dns', 'DNS_TIMEOUT', `DNS did not say where ${host} is within ${dnsMs} ms`)
  return deadlines.within(dnsMs, late, () => askDns(host))
}

async function throughProxy(
  proxy: NonNullable<HttpAddress['proxy']>,
  to: Place,
  ways: HttpAddress,
  opening: Opening,
  deadlines: Deadlines,
): Promise<Socket> {
  const { connectMs } = ways.timeouts
  const via = `the SOCKS proxy ${at(bare(proxy.host), proxy.port)}`
  const started = performance.now()
  const silent = () => new HttpFailure('proxy', 'SOCKS_TIMEOUT', `no connection to ${via} within ${connectMs} ms`)
  const socket = await deadlines.within(connectMs, silent, () => dialProxy(proxy, via, deadlines.signal))
  opening.peer = peerOf(socket)
  const late = () =>
    socket.bytesRead === 0
      ? new HttpFailure('proxy', 'SOCKS_TIMEOUT', `${via} lets us in and did not say a word within ${connectMs} ms`)
      : new HttpFailure(
          'connect',
          'SOCKS_TARGET_TIMEOUT',
          `${via} did not get through to ${at(to.host, to.port)} within ${connectMs} ms`,
        )
  await deadlines.within(connectMs, late, () => passProxy(socket, proxy, to, connectMs))
  opening.timings.connectMs = msSince(started)
  return socket
}

/** The proxy's own name is this machine's to resolve. */
async function dialProxy({ host, port }: Place, via: string, signal: AbortSignal): Promise<Socket> {
  try {
    const name = bare(host)
    const known = resolveHere(name, undefined, { resolve: {} })
    return await dial(known?.addresses ?? (await askDns(name)), port, signal)
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error
    throw new HttpFailure('proxy', 'SOCKS_UNREACHABLE', `${via} cannot be reached: ${error.message}`)
  }
}
