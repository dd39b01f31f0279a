import { plain } from '../../core/text.ts'
import { defineCheck, type Judgement } from '../../model/check.ts'
import { proxyPing } from '../../model/facts/routing/proxy-api.ts'
import type { Exchange } from '../../model/http.ts'
import { isOwnTrouble, layerOf, ownTrouble } from './layer.ts'

const noMore = 'a ping proves that the process is alive, and nothing of its routes'
const expected = '200 and `OK`'

export const proxyIsAlive = defineCheck({
  id: 'PV-ROUTE-006',
  title: 'The proxy is alive',
  needs: { ping: proxyPing },
  notApplicable: ({ proxy }) =>
    proxy?.ping === undefined ? "the address of the proxy's ping is not named in `expect.proxy.ping`" : undefined,
  judge: ({ ping }) => [judgePing(ping)],
})

function judgePing(ping: Exchange): Judgement {
  const said = { subject: ping.url, expected }
  const { error, status } = ping
  if (error !== undefined) {
    const broken = { ...said, actual: `${layerOf(error)}: ${error.message}`, code: error.code }
    if (isOwnTrouble(error)) return { ...broken, verdict: 'unknown', ...ownTrouble }
    return {
      ...broken,
      verdict: 'fail',
      reason: 'nothing was heard from the proxy itself',
      remedy:
        'See whether its service runs, and whether its port, name and certificate are those of `expect.proxy.ping`.',
    }
  }
  const actual = `${status ?? 'no status'}, ${saidBy(ping)}`
  if (status === 200 && ping.body?.trim() === 'OK') {
    return { ...said, actual: `${actual}: alive; says nothing of its routes`, verdict: 'pass', reason: noMore }
  }
  return { ...said, actual, verdict: 'fail', ...whyNot(ping) }
}

function whyNot({ status, body }: Exchange): Required<Pick<Judgement, 'code' | 'reason' | 'remedy'>> {
  if (status === 503 && body?.trim() === 'Service Unavailable') {
    return {
      code: 'PROXY_TERMINATING',
      reason: 'it was told to stop, and answers 503 until it has',
      remedy: 'Look at its service: a stop that does not end, or an update that goes round.',
    }
  }
  if (status === 404) {
    return {
      code: 'PING_NOT_SERVED',
      reason: 'whoever answers knows of no ping at this place',
      remedy: 'Turn the ping on (`--ping`, `--ping.entryPoint`), or correct `expect.proxy.ping`.',
    }
  }
  if (status === 200) {
    return {
      code: 'PING_FOREIGN',
      reason: 'this is not how the proxy answers a ping: somebody else does',
      remedy: 'Correct `expect.proxy.ping`, or find out who answers there.',
    }
  }
  return {
    code: 'PING_STATUS',
    reason: 'a ping is answered with 200, or with 503 and `Service Unavailable` by a proxy that stops',
    remedy: 'Correct `expect.proxy.ping`, or find out who answers there.',
  }
}

function saidBy({ body, headers }: Exchange): string {
  const location = headers?.['location']
  if (location !== undefined) return `leads to ${plain(location, 120)}`
  return body === undefined || body.trim() === '' ? 'nothing said' : `\`${plain(body.trim(), 80)}\``
}
