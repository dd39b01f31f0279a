import type { X509Certificate } from 'node:crypto'
import type { Certificate } from '../../model/http.ts'

/** A certificate and those that were sent behind it, in the order in which they came. */
export function chainOf(own: X509Certificate | undefined): Certificate[] {
  const chain: Certificate[] = []
  for (let next = own; next !== undefined; next = next.issuerCertificate) chain.push(describe(next))
  return chain
}

function describe(certificate: X509Certificate): Certificate {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    altNames: splitAltNames(certificate.subjectAltName),
    serial: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    validFrom: isoOf(certificate.validFrom),
    validTo: isoOf(certificate.validTo),
  }
}

/** `CN=...` where there is one, else all of the name. */
function nameOf(distinguished: string | undefined): string {
  const parts = (distinguished ?? '').split('\n').filter((part) => part !== '')
  return parts.findLast((part) => part.startsWith('CN=')) ?? parts.join(', ')
}

/** Node quotes what has a comma in it. */
function splitAltNames(names: string | undefined): string[] {
  return (names ?? '').match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g)?.map((name) => name.trim()) ?? []
}

/** From OpenSSL's `Jan  1 00:00:00 2026 GMT`. */
export function isoOf(date: string): string {
  const time = new Date(date)
  return Number.isNaN(time.getTime()) ? date : time.toISOString()
}
