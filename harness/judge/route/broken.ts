import { plain } from '../../core/text.ts'
import type { Certificate, Exchange, ExchangeError } from '../../model/http.ts'
import type { Route } from '../../model/routing.ts'
import { isOwnTrouble, layerOf } from '../proxy/layer.ts'
import { list } from '../say.ts'
import { causesBehindProxy } from './behind-proxy.ts'
import { type Cause, doubt, type Fault, failure } from './fault.ts'
import type { Scene } from './scene.ts'

/** What stood in the way of an answer, by its layer. */
export function brokenFault(route: Route, exchange: Exchange, error: ExchangeError, scene: Scene): Fault {
  const actual = `${layerOf(error)}: ${plain(error.message, 300)}${certificateOf(exchange, error)}`
  const cause: Cause = { code: error.code, ...meaningOf(error, exchange, scene) }
  if (couldNotAsk(error)) return doubt(actual, cause)
  // A proxy that waits for a backend it cannot reach says nothing at all until its own patience ends.
  const behind = error.code === 'HTTP_TIMEOUT' ? causesBehindProxy(route, exchange, scene) : []
  const [first, ...others] = [...behind, cause]
  return failure(actual, first ?? cause, ...others)
}

/**
 * Whether the host was not even asked. That a name does not exist is an answer, and the outside's to have; a resolver
 * that says nothing, or a network that this machine has no way into, tells of this machine alone.
 */
export function couldNotAsk(error: ExchangeError): boolean {
  return isOwnTrouble(error)
}

/** TLS did not tell who is wanted from somebody else: the certificate was seen, and is the trouble. */
export function isOfCertificate({ code }: ExchangeError): boolean {
  return code in ofCertificate
}

const ofCertificate: Readonly<Record<string, string>> = {
  TLS_EXPIRED: 'Renew the certificate; where the proxy does so by itself, its log says why it did not.',
  TLS_NOT_YET_VALID:
    'Set the clocks right, this that of this machine first; else present the certificate that is valid now.',
  TLS_UNTRUSTED:
    'Let the proxy present the whole chain of an authority that its visitors trust; name an authority of your own in `target.http.ca`.',
  TLS_SELF_SIGNED:
    'Let the proxy present a certificate of an authority that its visitors trust: a default certificate means that it has none for this name, or could not get one.',
  TLS_NAME_MISMATCH:
    'Get a certificate for this name: the TLS section of its router, or the resolver named there, decides which one is presented.',
}

/** What to do about a certificate that is not to be trusted. */
export function certificateRemedy(code: string): string {
  return ofCertificate[code] ?? 'Look at the certificate that the proxy presents.'
}

/** By its subject; many have none, and only the names that they are for. */
export function called({ subject, altNames }: Certificate): string {
  return plain(subject || list(altNames, 2) || 'a certificate without a name', 80)
}

function certificateOf({ tls }: Exchange, error: ExchangeError): string {
  const own = tls?.chain[0]
  if (own === undefined || !isOfCertificate(error)) return ''
  return ` (${called(own)}, issued by ${plain(own.issuer, 80)}, valid until ${own.validTo})`
}

function meaningOf(error: ExchangeError, { url }: Exchange, scene: Scene): Pick<Cause, 'said' | 'remedy'> {
  const { hostname, host } = new URL(url)
  const proxy = scene.wanted.proxy?.service
  const log = proxy === undefined ? 'the log of the proxy' : `\`docker service logs ${proxy}\``
  const { code, phase } = error
  if (code === 'DNS_NOT_FOUND') {
    const remedy = `Create the record of ${hostname}, or lead the name to an address in \`target.http.resolve\`.`
    return { said: `nobody who asks DNS can find ${hostname}`, remedy }
  }
  if (phase === 'dns') {
    const remedy = `Mend the resolver of this machine, or lead ${hostname} to an address in \`target.http.resolve\`.`
    return { said: 'the resolver of this machine gave no answer, so that the host was not asked', remedy }
  }
  if (code === 'REQUEST_REFUSED') {
    return { said: 'the request was not sent', remedy: 'Correct the URL, or the credentials, of this route.' }
  }
  if (code === 'SOCKS_AUTH') {
    const remedy = 'Name in `target.http.proxy` a SOCKS proxy that wants no password; one is never sent.'
    return { said: 'the SOCKS proxy does not let us in, so that the host was not asked', remedy }
  }
  if (couldNotAsk(error)) {
    const remedy =
      phase === 'proxy'
        ? 'Start the SOCKS proxy that `target.http.proxy` names, or correct it there; it must be let through to this host.'
        : "Mend this machine's way into that network, or lead the name to another address in `target.http.resolve`."
    return { said: 'the way there is broken on our side of it, so that the host was not asked', remedy }
  }
  if (phase === 'connect') {
    return {
      said: `nothing lets us in at ${host}`,
      remedy: `See whether ${proxy ?? 'the proxy'} runs and publishes the port (PV-ROUTE-007), whether a firewall lets it through, and whether the name leads to the right address.`,
    }
  }
  if (isOfCertificate(error)) {
    return { said: 'visitors are turned away by the certificate', remedy: certificateRemedy(error.code) }
  }
  if (phase === 'tls') {
    const said = 'the port is open, and what listens there did not come to terms with us on TLS'
    return { said, remedy: `See whether the port is the one for TLS; ${log} says why a handshake failed.` }
  }
  return {
    said: code === 'HTTP_TIMEOUT' ? 'the request was taken, and not answered in time' : 'the answer did not come whole',
    remedy: `${log} has the request; a service that needs longer wants a longer deadline in \`target.http.timeouts\`.`,
  }
}
