import { defineCheck, type Judgement } from '../../model/check.ts'
import {
  type ProxyAnswered,
  type ProxyRouter,
  type ProxyService,
  proxyApi,
} from '../../model/facts/routing/proxy-api.ts'
import { count, list } from '../say.ts'
import { judgeTold, noProxyApi } from './api-told.ts'

const expected = 'enabled, without an error'

export const nothingIsInError = defineCheck({
  id: 'PV-ROUTE-004',
  title: 'No router or service of the proxy is in error',
  needs: { api: proxyApi },
  notApplicable: noProxyApi,
  judge: ({ api }) =>
    judgeTold(api, expected, (told) => {
      const flawed = [
        ...told.routers.flatMap((router) => judgeItem('router', router)),
        ...told.services.flatMap((service) => judgeItem('service', service)),
        ...judgeUnlisted(told),
        ...judgeAgreement(told),
      ]
      return flawed.length > 0 ? flawed : [soundProxy(told)]
    }),
})

/** Nothing for one that is enabled; a warning leaves a router at work, and is told by `soundProxy`. */
function judgeItem(noun: 'router' | 'service', item: ProxyRouter | ProxyService): readonly Judgement[] {
  if (item.status === 'enabled' || item.status === 'warning') return []
  const said = {
    subject: `${noun} ${item.name}`,
    expected,
    actual: `${item.status || 'without a status'}${errorsOf(item)}`,
  }
  if (item.status !== 'disabled') {
    return [
      {
        ...said,
        verdict: 'unknown',
        code: 'PROXY_STATUS_UNKNOWN',
        reason: 'a status that pvcheck does not know says neither that it works nor that it does not',
        remedy: "Look at it on the proxy's dashboard.",
      },
    ]
  }
  return [
    {
      ...said,
      verdict: 'fail',
      code: noun === 'router' ? 'ROUTER_IN_ERROR' : 'SERVICE_IN_ERROR',
      reason: `the proxy does not use a ${noun} that is disabled${noun === 'router' && 'rule' in item ? `: ${item.rule || 'its rule'} leads nowhere` : ''}`,
      remedy:
        'Mend the labels or the file it comes from; the proxy takes them up at its next refresh. Its log has the same error.',
    },
  ]
}

/** What the overview counts and nothing lists by name. */
function judgeUnlisted({ overview: { http, tcp, udp } }: ProxyAnswered): readonly Judgement[] {
  const tallies = [
    ['http', 'middlewares', http.middlewares],
    ['tcp', 'routers', tcp?.routers],
    ['tcp', 'services', tcp?.services],
    ['tcp', 'middlewares', tcp?.middlewares],
    ['udp', 'routers', udp?.routers],
    ['udp', 'services', udp?.services],
  ] as const
  return tallies.flatMap(([protocol, kind, tally]): readonly Judgement[] => {
    if (tally === undefined || tally.errors === 0) return []
    return [
      {
        subject: `${protocol} ${kind}`,
        expected,
        actual: `${tally.errors} of ${tally.total} in error`,
        verdict: 'fail',
        code: `${protocol.toUpperCase()}_${kind.toUpperCase()}_IN_ERROR`,
        reason: 'the proxy does not use what is in error, nor a router that needs it',
        remedy: `\`GET /api/${protocol}/${kind}?status=disabled\` of the proxy names them, with their errors.`,
      },
    ]
  })
}

/** The overview and the lists are three requests: where it counts more than they hold, something was not looked at. */
function judgeAgreement({ overview: { http }, routers, services }: ProxyAnswered): readonly Judgement[] {
  const kinds = [
    ['routers', http.routers, routers],
    ['services', http.services, services],
  ] as const
  return kinds.flatMap(([kind, tally, items]): readonly Judgement[] => {
    const disabled = items.filter(({ status }) => status === 'disabled').length
    if (tally.total <= items.length && tally.errors <= disabled) return []
    return [
      {
        subject: kind,
        expected: 'all that the overview counts, in the list',
        actual: `the overview counts ${tally.total}, ${tally.errors} of them in error; the list holds ${items.length}, ${disabled} in error`,
        verdict: 'unknown',
        code: 'OVERVIEW_DISAGREES',
        reason: 'the proxy was given another configuration between two requests, or a page of the list is missing',
        remedy: 'Look again when nothing is being deployed.',
      },
    ]
  })
}

function soundProxy({ version, overview: { http }, routers, services }: ProxyAnswered): Judgement {
  const warned = [...routers, ...services].filter(({ status }) => status === 'warning')
  const totals = [
    count(http.routers.total, 'router'),
    count(http.services.total, 'service'),
    count(http.middlewares.total, 'middleware'),
  ].join(', ')
  const warnings =
    warned.length === 0
      ? ''
      : `; ${count(warned.length, 'warning')}: ${list(warned.map((item) => `${item.name}${errorsOf(item)}`))}`
  return {
    subject: 'proxy',
    expected,
    actual: `${totals}, none in error (version ${version})${warnings}`,
    verdict: 'pass',
  }
}

function errorsOf({ error }: { readonly error?: readonly string[] | null | undefined }): string {
  return (error ?? []).length === 0 ? '' : `: ${list(error ?? [], 3)}`
}
