import { readFile } from 'node:fs/promises'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { messageOf, PvcheckError } from '../../core/errors.ts'

/** Whom a client trusts: Node's own roots, and the authorities in `caPath`. Throws `REACH_CA_UNREADABLE`. */
export async function loadTrust(caPath: string | undefined): Promise<SecureContext> {
  if (caPath === undefined) return createSecureContext()
  try {
    const own = (await readFile(caPath, 'utf8')).match(pem)
    if (own === null) throw new Error('there is no certificate in it')
    return createSecureContext({ ca: [...rootCertificates, ...own] })
  } catch (error) {
    throw new PvcheckError({
      code: 'REACH_CA_UNREADABLE',
      seen: `the authorities in ${caPath} cannot be used: ${messageOf(error)}`,
      wanted: 'a file of certificates in PEM form',
      remedy: 'Correct the path of the authority in the configuration, or the file.',
      exit: 'usage',
      cause: error,
    })
  }
}

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g
