import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { messageOf, PvcheckError } from '../../core/errors.ts'

const known = new Map<string, SecureContext>()

/**
 * Whom a client trusts: Node's own roots, and the authorities in `caPath`. Made once in a process for the same
 * authorities, as it costs more than a whole exchange. Throws `REACH_CA_UNREADABLE`.
 */
export async function loadTrust(caPath: string | undefined): Promise<SecureContext> {
  const own = caPath === undefined ? [] : await readAuthorities(caPath)
  const key = own.join('\n')
  const made = known.get(key) ?? createSecureContext(own.length === 0 ? {} : { ca: [...rootCertificates, ...own] })
  known.set(key, made)
  return made
}

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

async function readAuthorities(caPath: string): Promise<readonly string[]> {
  try {
    const own = (await readFile(caPath, 'utf8')).match(pem) ?? []
    if (own.length === 0) throw new Error('there is no certificate in it')
    for (const each of own) new X509Certificate(each)
    return own
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
