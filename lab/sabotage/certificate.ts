import type { LabMachine } from '../host/machine.ts'
import { type Minted, mintCertificate, type Wish } from './mint-certificate.ts'
import { reportSiteLost } from './outside.ts'
import { restoreTls, setTls } from './router.ts'
import type { Sabotage } from './sabotage.ts'

const host = 'report.ci.lab.test'
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** A route whose certificate nobody trusts is no route, and its page cannot be looked at. */
function refused(code: string): Sabotage['reddens'] {
  const which = '^report\\.ci\\.lab\\.test: .*CN=report\\.ci\\.lab\\.test'
  return {
    'PV-ROUTE-002': { verdict: 'fail', says: new RegExp(`${which}.*${code}`, 's') },
    ...reportSiteLost(code, 'TLS: '),
  }
}

export const certificateExpired: Sabotage = {
  name: 'certificate-expired',
  what: 'lets the certificate of the report site run out',
  reddens: refused('TLS_EXPIRED'),
  breaks: (machine, signal) => serve(machine, { from: ago(10 * dayMs), to: ago(dayMs) }, signal),
  mends: restoreTls,
}

export const certificateNotYetValid: Sabotage = {
  name: 'certificate-not-yet-valid',
  what: 'gives the report site a certificate that is valid from tomorrow on, as a wrong clock does',
  reddens: refused('TLS_NOT_YET_VALID'),
  breaks: (machine, signal) => serve(machine, { from: ago(-dayMs), to: ago(-90 * dayMs) }, signal),
  mends: restoreTls,
}

export const certificateOfAnother: Sabotage = {
  name: 'certificate-of-another',
  what: 'gives the report site a certificate that was made out to another name',
  reddens: refused('TLS_NAME_MISMATCH'),
  // Caddy finds a certificate by its common name, too, which clients have not looked at for years.
  breaks: (machine, signal) => serve(machine, { altName: 'old-report.ci.lab.test' }, signal),
  mends: restoreTls,
}

export const certificateOfStranger: Sabotage = {
  name: 'certificate-of-stranger',
  what: 'gives the report site a certificate by an authority that nobody knows',
  reddens: refused('TLS_UNTRUSTED'),
  breaks: (machine, signal) => serve(machine, { by: 'stranger' }, signal),
  mends: restoreTls,
}

export const certificateSelfSigned: Sabotage = {
  name: 'certificate-self-signed',
  what: 'gives the report site a certificate that vouches for itself',
  reddens: refused('TLS_SELF_SIGNED'),
  breaks: (machine, signal) => serve(machine, { by: 'itself' }, signal),
  mends: restoreTls,
}

export const certificateChainCut: Sabotage = {
  name: 'certificate-chain-cut',
  what: 'sends the certificate of the report site without the one between it and the root',
  reddens: refused('TLS_UNTRUSTED'),
  breaks: (machine, signal) => serve(machine, { chain: (minted) => minted.certificate }, signal),
  mends: restoreTls,
}

export const certificateEndsSoon: Sabotage = {
  name: 'certificate-ends-soon',
  what: 'gives the report site a certificate that ends in ten minutes, and is not renewed',
  reddens: { 'PV-ROUTE-002': { verdict: 'fail', says: /^report\.ci\.lab\.test: .*CERTIFICATE_ENDS_SOON/s } },
  breaks: (machine, signal) => serve(machine, { to: ago(-10 * minuteMs) }, signal),
  mends: restoreTls,
}

function ago(ms: number): Date {
  return new Date(Date.now() - ms)
}

interface Flaw extends Partial<Wish> {
  readonly chain?: (minted: Minted) => string
}

/** Under one name only; all others keep theirs. */
async function serve(machine: LabMachine, { chain = whole, ...flaw }: Flaw, signal: AbortSignal): Promise<void> {
  const sound = { commonName: host, altName: host, from: ago(dayMs), to: ago(-30 * dayMs), by: 'lab' } as const
  const minted = await mintCertificate(machine, { ...sound, ...flaw }, signal)
  await setTls(
    machine,
    {
      certificates: { load_pem: [{ certificate: chain(minted), key: minted.key, tags: ['sabotage'] }] },
      policies: [{ match: { sni: [host] }, certificate_selection: { any_tag: ['sabotage'] } }, {}],
    },
    signal,
  )
}

function whole({ certificate, intermediate }: Minted): string {
  return certificate + intermediate
}
