import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import type { Exchange, ExchangeError } from '../../model/http.ts'
import { layerOf } from '../proxy/layer.ts'
import { couldNotAsk } from '../route/broken.ts'

/** What is said of a subject, beside its name and what was expected of it. */
export type Said = Omit<Judgement, 'subject' | 'expected'>

/** Why an exchange brought no whole 200 answer; undefined where it did, or the answer was only cut at the bound. */
export function whyNoAnswer(exchange: Exchange): Said | undefined {
  const { error, status } = exchange
  if (error !== undefined) return whyBroken(error)
  return status === 200 ? undefined : whyStatus(exchange)
}

function whyBroken(error: ExchangeError): Said {
  const own = couldNotAsk(error)
  return {
    actual: `${layerOf(error)}: ${plain(error.message, 300)}`,
    verdict: own ? 'unknown' : 'fail',
    code: error.code,
    reason: own ? 'the way there is broken on our side of it, so that nobody was asked' : 'no whole answer came',
    remedy: own
      ? 'Mend the way (the resolver, the SOCKS proxy of `target.http.proxy`), and look again.'
      : 'Mend what is in the way first: PV-ROUTE-001 names the layer of a route, PV-ROUTE-002 what ails a certificate.',
  }
}

function whyStatus(exchange: Exchange): Said {
  const { status = 0 } = exchange
  return { actual: inShort(exchange), verdict: 'fail', code: 'HTTP_STATUS', ...meaningOf(status) }
}

function meaningOf(status: number): Required<Pick<Said, 'reason' | 'remedy'>> {
  if (status === 401 || status === 403) {
    return { reason: 'it wants credentials, or others', remedy: 'Configure the `credentials` that may read it.' }
  }
  if (status === 404) {
    return {
      reason: 'whoever answers knows of no such page',
      remedy: 'Correct the URL, or find out who answers there: PV-ROUTE-001.',
    }
  }
  if (status >= 300 && status < 400) {
    return { reason: 'it leads elsewhere', remedy: 'Configure the URL where the page is, in the end.' }
  }
  if (status >= 502 && status <= 504) {
    return {
      reason: 'the proxy in front of it had no answer from the service',
      remedy: 'PV-ROUTE-001 and PV-ROUTE-005 say what the proxy sends requests to; PV-SVC-002 whether it runs.',
    }
  }
  return { reason: 'only 200 is an answer to this', remedy: 'The log of the service says why it answers so.' }
}

/** `404, application/json, 24 characters: {"message":"Not Found"}`. */
export function inShort({ status, headers, body = '', truncated }: Exchange): string {
  const location = headers?.['location']
  if (location !== undefined) return `${status}, leads to ${plain(location, 120)}`
  const type = plain(headers?.['content-type'] ?? 'no content type', 60)
  const size = `${truncated === true ? 'more than ' : ''}${body.length.toLocaleString('en-US')} characters`
  return `${status ?? 'no status'}, ${type}, ${size}${body.trim() === '' ? '' : `: ${plain(body, 80)}`}`
}

/** When an answer was made, by the clock of the host where it tells it, else by ours when we asked; milliseconds. */
export function answeredAtMs({ headers, startedAt }: Exchange): number {
  const told = Date.parse(headers?.['date'] ?? '')
  if (Number.isNaN(told)) return Date.parse(startedAt)
  // What a cache hands out carries the date of long ago, and how long ago that is.
  const age = headers?.['age'] ?? ''
  return told + (/^\d{1,9}$/.test(age) ? Number(age) * 1000 : 0)
}
