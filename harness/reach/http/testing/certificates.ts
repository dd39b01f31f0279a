import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate with its key, and the paths of both. */
export interface Minted {
  readonly cert: string
  readonly key: string
  readonly certPath: string
  readonly keyPath: string
}

export interface Wish {
  readonly subject: string
  /** As in `DNS:a.test,IP:127.0.0.1`. */
  readonly names?: string
  readonly authority?: boolean
  /** Who signs; the certificate itself by default. */
  readonly by?: Minted
  /** As in `20200101000000Z`; from an hour ago to in thirty days by default. */
  readonly from?: string
  readonly to?: string
}

/** A mint that `openssl` runs, in a directory of its own. */
export function openMint(): { readonly mint: (wish: Wish) => Minted; readonly close: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'pvcheck-mint-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })
  writeFileSync(join(dir, 'index.txt'), '')
  let made = 0
  return {
    mint({ subject, names, authority = false, by, from = soon(-1 / 24), to = soon(30) }) {
      made += 1
      const path = (what: string) => join(dir, `${made}.${what}`)
      openssl(
        'req',
        '-new',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        path('key'),
        '-out',
        path('csr'),
        '-subj',
        `/CN=${subject}`,
      )
      const extensions = [
        `basicConstraints=critical,CA:${authority ? 'TRUE' : 'FALSE'}`,
        ...(authority ? ['keyUsage=critical,keyCertSign,cRLSign'] : []),
        'subjectKeyIdentifier=hash',
        ...(names === undefined ? [] : [`subjectAltName=${names}`]),
      ]
      writeFileSync(path('cnf'), config(extensions))
      const signer =
        by === undefined ? ['-selfsign', '-keyfile', path('key')] : ['-cert', by.certPath, '-keyfile', by.keyPath]
      openssl(
        'ca',
        '-batch',
        '-notext',
        '-config',
        path('cnf'),
        '-in',
        path('csr'),
        '-out',
        path('pem'),
        ...signer,
        '-startdate',
        from,
        '-enddate',
        to,
      )
      const certPath = path('pem')
      const keyPath = path('key')
      return { cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8'), certPath, keyPath }
    },
    close: () => rmSync(dir, { recursive: true }),
  }
}

function config(extensions: readonly string[]): string {
  return [
    '[ca]',
    'default_ca = all',
    '[all]',
    'database = index.txt',
    'new_certs_dir = .',
    'rand_serial = yes',
    'unique_subject = no',
    'default_md = sha256',
    'policy = any',
    'x509_extensions = wanted',
    '[any]',
    'commonName = supplied',
    '[wanted]',
    ...extensions,
    '',
  ].join('\n')
}

/** The time in so many days, as OpenSSL writes it. */
function soon(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+|[-:T]/g, '')
}
