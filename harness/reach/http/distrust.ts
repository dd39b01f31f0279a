import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { PeerCertificate } from 'node:tls'
import type { Certificate, ExchangeError } from '../../model/http.ts'
import { isoOf } from './chain.ts'
import { HttpFailure } from './failure.ts'

/** What OpenSSL found wrong, and what is needed to say it of one certificate. */
export interface Doubt {
  /** OpenSSL's name for it, as in `CERT_HAS_EXPIRED`; `undefined` when it trusts the chain. */
  readonly code: string | undefined
  /** The name that was asked for. */
  readonly host: string
  readonly own: X509Certificate | undefined
  /** As sent. */
  readonly chain: readonly Certificate[]
  /** With the issuers that this machine knows joined on; costly, and only there with a `code`. */
  readonly path: PeerCertificate | undefined
}

/** Why a server is not believed to be `host`; `undefined` when it is. */
export function distrust(doubt: Doubt): HttpFailure | undefined {
  const wrongName = nameFault(doubt)
  const [code, why] = chainFault(doubt) ?? (wrongName === undefined ? [] : [wrongNameCode, wrongName])
  if (code === undefined || why === undefined) return undefined
  // Both faults at once is what a default certificate has; each alone sends people the wrong way.
  const also = wrongName === undefined || code === wrongNameCode ? '' : `; besides, ${wrongName}`
  return new HttpFailure('tls', code, `${why}${also}`)
}

type Fault = readonly [code: ExchangeError['code'], why: string]
const wrongNameCode = 'TLS_NAME_MISMATCH'

function chainFault({ code, chain, path }: Doubt): Fault | undefined {
  if (code === undefined) return undefined
  const own = chain[0]
  const last = chain.at(-1)
  const subject = own?.subject ?? 'without a name'
  switch (code) {
    case 'CERT_HAS_EXPIRED': {
      const expired = issuersOf(path).find((each) => Date.parse(each.valid_to) < Date.now())
      if (expired === undefined) return ['TLS_EXPIRED', `a certificate on the way to ${last?.issuer} has expired`]
      return ['TLS_EXPIRED', `${roleOf(expired, path)} expired at ${isoOf(expired.valid_to)}`]
    }
    case 'CERT_NOT_YET_VALID': {
      const early = issuersOf(path).find((each) => Date.parse(each.valid_from) > Date.now())
      if (early === undefined)
        return ['TLS_NOT_YET_VALID', `a certificate on the way to ${last?.issuer} is not valid yet`]
      return ['TLS_NOT_YET_VALID', `${roleOf(early, path)} is not valid before ${isoOf(early.valid_from)}`]
    }
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return ['TLS_SELF_SIGNED', `the certificate ${subject} is signed by itself`]
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return ['TLS_UNTRUSTED', `the chain of ${subject} ends in ${last?.subject}, which is not trusted here`]
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return [
        'TLS_UNTRUSTED',
        `the issuer of ${last?.subject ?? subject}, ${last?.issuer}, was not sent and is not trusted here: an intermediate certificate is missing, or the authority is another one`,
      ]
    default:
      return ['TLS_UNTRUSTED', `the certificate ${subject} is not trusted: ${code}`]
  }
}

function nameFault({ host, own, chain }: Doubt): string | undefined {
  // A common name alone does not count; no browser takes it for one.
  const strict = { subject: 'never', partialWildcards: false } as const
  if ((isIP(host) === 0 ? own?.checkHost(host, strict) : own?.checkIP(host)) !== undefined) return undefined
  const names = chain[0]?.altNames.join(', ') || 'no alternative names'
  return `the certificate ${chain[0]?.subject} does not hold the name ${host}; it holds ${names}`
}

/** A certificate, its issuer, and so on up to the one that signed itself. */
function issuersOf(own: PeerCertificate | undefined): PeerCertificate[] {
  const path: PeerCertificate[] = []
  let next = own
  while (next !== undefined && !path.includes(next)) {
    path.push(next)
    next = 'issuerCertificate' in next ? (next.issuerCertificate as PeerCertificate | undefined) : undefined
  }
  return path
}

function roleOf(certificate: PeerCertificate, own: PeerCertificate | undefined): string {
  const { CN } = certificate.subject
  const name = CN === undefined ? Object.values(certificate.subject).join(', ') : `CN=${CN}`
  return certificate === own
    ? `the certificate ${name}`
    : `${name}, an issuer of the certificate CN=${own?.subject.CN},`
}
