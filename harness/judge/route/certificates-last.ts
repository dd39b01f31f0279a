import { plain } from '../../core/text.ts'
import { defineCheck, type Judgement } from '../../model/check.ts'
import { type RoutesSeen, routes } from '../../model/facts/routing/routes.ts'
import type { Certificate, Exchange, ExchangeError } from '../../model/http.ts'
import type { Route } from '../../model/routing.ts'
import { count, duration, list } from '../say.ts'
import { called, certificateRemedy, isOfCertificate } from './broken.ts'
import { doubt, type Fault, failure, judgementOf } from './fault.ts'
import { noRoutes } from './no-routes.ts'

const dayMs = 86_400_000

export const certificatesLast = defineCheck({
  id: 'PV-ROUTE-002',
  title: 'Every certificate is trusted, names its host and lasts',
  needs: { routes },
  notApplicable: (wanted) =>
    noRoutes(wanted) ?? (wanted.routes.some(mayUseTls) ? undefined : 'no route is, or may lead to, https'),
  judge: ({ routes }, wanted) => {
    const { minDaysLeft } = wanted.certificates
    const names = tlsNamesOf(wanted.routes, routes)
    if (names.length > 0) return names.map((host) => judgeHost(host, routes, minDaysLeft))
    const reason = 'no route was led from http to https'
    return [{ subject: 'certificates', expected: 'none', actual: 'every route is http', verdict: 'n/a', reason }]
  },
})

function mayUseTls({ url, follow }: Route): boolean {
  return url.startsWith('https:') || follow > 0
}

/** The hosts of the routes where they speak TLS, from the start or after a redirect. Where else a redirect leads is not ours. */
function tlsNamesOf(wanted: readonly Route[], seen: RoutesSeen): readonly string[] {
  const own = wanted.map(({ url }) => new URL(url))
  const led = hopsOf(seen)
    .map(({ hop }) => new URL(hop.url))
    .filter(({ hostname }) => own.some((url) => url.hostname === hostname))
  return [...new Set([...own, ...led].filter(({ protocol }) => protocol === 'https:').map(({ host }) => host))]
}

function judgeHost(host: string, seen: RoutesSeen, minDaysLeft: number): Judgement {
  const said = { subject: host, expected: `trusted, for ${host}, with at least ${count(minDaysLeft, 'day')} left` }
  const visits = hopsOf(seen).filter(({ hop }) => isTlsTo(host, hop))
  const judged = visits.map(({ hop }) => faultOf(hop, minDaysLeft))
  const fault = judged.find((fault) => fault?.verdict === 'fail') ?? judged.find((fault) => fault !== undefined)
  if (fault !== undefined) return judgementOf(said, fault)
  const leaves = new Map(
    visits.flatMap(({ hop }) => (hop.tls?.chain ?? []).slice(0, 1)).map((own) => [own.fingerprint256, own]),
  )
  if (leaves.size > 1) return judgementOf(said, changing([...leaves.values()]))
  const newest = visits.at(-1)?.hop
  if (newest === undefined) return judgementOf(said, unseen('not visited'))
  return { ...said, actual: `${describe(newest)}${unseenAt(visits.map(({ hop }) => hop))}`, verdict: 'pass' }
}

/** Each visit goes to whichever address answers first: of the others nothing is known. */
function unseenAt(hops: readonly Exchange[]): string {
  const known = hops.flatMap(({ resolved }) => (resolved?.by === 'dns' ? resolved.addresses : []))
  const seen = new Set(hops.map(({ peer }) => peer?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')))
  const unseen = [...new Set(known)].filter((address) => !seen.has(address))
  return unseen.length === 0 ? '' : `; not seen at ${list(unseen, 3)}, where DNS leads as well`
}

function faultOf(hop: Exchange, minDaysLeft: number): Fault | undefined {
  const distrust = distrustOf(hop)
  if (distrust !== undefined) {
    const { code, message } = distrust
    return failure(describe(hop), { code, said: plain(message, 300), remedy: certificateRemedy(code) })
  }
  if (hop.tls?.chain[0] === undefined) return unseen(sayBroken(hop))
  return shortest(hop, minDaysLeft)
}

function distrustOf({ error, tls }: Exchange): Pick<ExchangeError, 'code' | 'message'> | undefined {
  if (error !== undefined && isOfCertificate(error)) return error
  if (tls?.authorized !== false) return undefined
  return { code: 'TLS_UNTRUSTED', message: 'the certificate is not trusted, or not for this name' }
}

/** The time is that of the visit: a bundle that is judged again next year was sound all the same. */
function shortest(hop: Exchange, minDaysLeft: number): Fault | undefined {
  const at = Date.parse(hop.startedAt)
  const chain = inUse(hop)
  const unreadable = chain.find(({ validTo }) => Number.isNaN(Date.parse(validTo) - at))
  if (unreadable !== undefined) {
    return doubt(describe(hop), {
      code: 'CERTIFICATE_UNREADABLE',
      said: `${called(unreadable)} is valid until "${plain(unreadable.validTo, 40)}", which is no date`,
      remedy: 'This is a fault of pvcheck: report it, with the evidence.',
    })
  }
  const short = chain.filter(({ validTo }) => Date.parse(validTo) - at < minDaysLeft * dayMs)
  if (short.length === 0) return undefined
  const left = short.map((each) => `${called(each)} ${leftAt(each.validTo, at)}`)
  return failure(describe(hop), {
    code: 'CERTIFICATE_ENDS_SOON',
    said: `${list(left, 3)}; at least ${count(minDaysLeft, 'day')} are wanted`,
    remedy:
      short[0] === chain[0]
        ? 'Renew it; where the proxy does so by itself, it should have by now, and its log says why it did not.'
        : 'Have the certificate issued again: a newer one comes with newer issuers. Then present that chain, and no older one.',
  })
}

/** An issuer that has expired is none that a trusted chain rests on: some servers still send one along for old clients. */
function inUse({ tls, startedAt }: Exchange): readonly Certificate[] {
  const at = Date.parse(startedAt)
  return (tls?.chain ?? []).filter(({ validTo }, index) => index === 0 || !(Date.parse(validTo) < at))
}

function sayBroken({ error }: Exchange): string {
  return error === undefined ? 'no certificate was seen' : `${error.code}: ${plain(error.message, 200)}`
}

/** Where nothing was seen there is nothing to say of it; how many visits there were is for PV-ROUTE-001 to say. */
function unseen(actual: string): Fault {
  return doubt(actual, {
    code: 'CERTIFICATE_NOT_SEEN',
    said: 'a visit did not come as far as to see the certificate',
    remedy: 'See PV-ROUTE-001, which says what stood in the way.',
  })
}

/** Which ones stand behind the name is then not known: there may be a third, and it may be the bad one. */
function changing(leaves: readonly Certificate[]): Fault {
  const which = leaves.map((each) => `${called(each)} (serial ${plain(each.serial, 40)}, until ${each.validTo})`)
  return doubt(list(which, 3), {
    code: 'CERTIFICATE_CHANGES',
    said: `${leaves.length} certificates stand behind one name, each sound; whether there are others is not known`,
    remedy:
      'If one was renewed between two visits, run again. Else let all that answer for the name present the same one.',
  })
}

function describe(hop: Exchange): string {
  const { tls, startedAt } = hop
  const chain = inUse(hop)
  const [own] = chain
  if (own === undefined) return 'no certificate was seen'
  const at = Date.parse(startedAt)
  const first = chain.reduce((a, b) => (Date.parse(b.validTo) < Date.parse(a.validTo) ? b : a))
  const also = first === own ? '' : `, its issuer ${called(first)} ${leftAt(first.validTo, at)}`
  return `${called(own)} by ${plain(own.issuer, 80)}, ${leftAt(own.validTo, at)}${also}; a chain of ${tls?.chain.length}`
}

function leftAt(validTo: string, at: number): string {
  const leftMs = Date.parse(validTo) - at
  return leftMs < 0 ? `expired ${duration(-leftMs)} before` : `${duration(leftMs)} left`
}

function isTlsTo(host: string, { url }: Exchange): boolean {
  const { protocol, host: asked } = new URL(url)
  return protocol === 'https:' && asked === host
}

function hopsOf({ routes }: RoutesSeen): readonly { readonly lap: number; readonly hop: Exchange }[] {
  return routes.flatMap(({ visits }) => visits.flatMap(({ lap, hops }) => hops.map((hop) => ({ lap, hop }))))
}
