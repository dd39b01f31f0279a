import type { Reddening } from './sabotage.ts'

/** Where nobody answers on the port of the routes, nothing can be told of what lies behind it. */
export function nobodyAnswers({ code, layer }: { readonly code: RegExp; readonly layer: 'TCP' | 'TLS' }) {
  const broken = new RegExp(`${layer}: `)
  return {
    'PV-ROUTE-001': { verdict: 'fail', says: code },
    'PV-ROUTE-002': { verdict: 'unknown', says: /CERTIFICATE_NOT_SEEN/ },
    'PV-ROUTE-003': { verdict: 'unknown', says: code },
    'PV-ROUTE-004': { verdict: 'unknown', says: code },
    'PV-ROUTE-005': { verdict: 'unknown', says: code },
    'PV-ROUTE-006': { verdict: 'fail', says: broken },
    'PV-CI-001': { verdict: 'fail', says: broken, beside: /^unknown paths: / },
    'PV-CI-002': { verdict: 'fail', says: broken },
    'PV-CI-003': { verdict: 'fail', says: broken },
  } satisfies Record<string, Reddening>
}

/** The report site's page does not come by its route: what the route says of it, and with what status. */
export function reportSiteLost(says: string, status: string) {
  return {
    'PV-ROUTE-001': { verdict: 'fail', says: new RegExp(`^(http://)?report\\.ci\\.lab\\.test/: .*${says}`, 's') },
    'PV-CI-003': { verdict: 'fail', says: new RegExp(`^https://report\\.ci\\.lab\\.test/: .*${status}`, 's') },
  } satisfies Record<string, Reddening>
}
