import { isIP, type Socket } from 'node:net'
import { connect, type SecureContext, TLSSocket } from 'node:tls'
import type { Exchange } from '../../model/http.ts'
import { oneLine } from '../excerpt.ts'
import { chainOf } from './chain.ts'
import { distrust } from './distrust.ts'
import { codeOf, HttpFailure } from './failure.ts'

export interface Secured {
  readonly socket: TLSSocket
  readonly tls: NonNullable<Exchange['tls']>
  /** Why the other end is not to be trusted with anything. */
  readonly distrust: HttpFailure | undefined
  /** What the other end had to say against us after the handshake: in TLS 1.3 it looks at our side later. */
  readonly refusal: () => HttpFailure | undefined
}

/** Shakes hands over a connected socket. Whether the other end is trusted is left to the caller. */
export async function secure(socket: Socket, host: string, secureContext: SecureContext): Promise<Secured> {
  const name = host.replace(/\.$/, '')
  const secured = connect({
    socket,
    secureContext,
    ALPNProtocols: ['http/1.1'],
    // An address is no server name (RFC 6066, section 3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
    // Nothing is sent before `distrust` has been looked at; until then the chain is worth knowing.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  })
  // Node would put the whole chain into a form of its own, only to hand it to `checkServerIdentity`; that takes as long
  // as the handshake itself.
  Object.assign(secured, { getPeerCertificate: () => undefined })
  let shaken = false
  let refusal: HttpFailure | undefined
  await new Promise<void>((resolve, reject) => {
    secured.once('secureConnect', () => {
      shaken = true
      resolve()
    })
    // Stays for the life of the socket: an error that nobody waits for must not end the process.
    secured.on('error', (error) => {
      refusal ??= explainTls(error)
      if (!shaken) reject(refusal ?? broken(error))
    })
    secured.once('close', () => {
      if (!shaken) reject(broken(new Error('the other end closed the connection')))
    })
  })
  // What Node's types call an error is OpenSSL's code for it.
  const code = secured.authorized ? undefined : String(secured.authorizationError)
  // In this order: asking for our own kind of certificate takes the chain out of the connection.
  const path = code === undefined ? undefined : TLSSocket.prototype.getPeerCertificate.call(secured, true)
  const own = secured.getPeerX509Certificate()
  const chain = chainOf(own)
  const failure = distrust({ code, host: name, own, chain, path })
  return {
    socket: secured,
    tls: { protocol: secured.getProtocol() ?? 'unknown', authorized: failure === undefined, chain },
    distrust: failure,
    refusal: () => refusal,
  }
}

/** What an error of OpenSSL means. */
function explainTls(error: unknown): HttpFailure | undefined {
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : ''
  if (/SSL alert number \d+/.test(message)) {
    const alert = code.replace(/^ERR_SSL_(?:TLSV1|TLSV13|SSLV3)_(?:ALERT_)?/, '').toLowerCase()
    return new HttpFailure('tls', 'TLS_REFUSED', `the server ended the handshake with the alert ${alert}`)
  }
  if (/^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_TOO_SMALL)$/.test(code)) {
    return new HttpFailure('tls', 'TLS_NOT_TLS', `what listens there does not speak TLS (${code})`)
  }
  return code.startsWith('ERR_SSL_')
    ? new HttpFailure('tls', 'TLS_FAILED', `the handshake failed with ${code}`)
    : undefined
}

function broken(error: Error): HttpFailure {
  const why = codeOf(error) === 'ECONNRESET' ? 'the other end closed the connection' : oneLine(error.message)
  return new HttpFailure('tls', 'TLS_FAILED', `the handshake broke off: ${why}`)
}
