import { plain } from '../../core/text.ts'
import type { Visit } from '../../model/facts/routing/routes.ts'
import type { Exchange } from '../../model/http.ts'
import type { Route } from '../../model/routing.ts'
import { count } from '../say.ts'
import { brokenFault } from './broken.ts'
import { type Mismatch, mismatchesOf } from './expectation.ts'
import { type Cause, doubt, type Fault, failure } from './fault.ts'
import { gatewayCauses, isGatewayStatus } from './gateway.ts'
import { notFoundCause } from './not-found.ts'
import { redirectCause } from './redirect.ts'
import type { Scene } from './scene.ts'
import { strangerBehind, strangerCause } from './stranger.ts'
import { timingLine } from './timing-line.ts'

/** What is wrong with a visit, if anything; `always` where every visit of the route ended with the same status. */
export function faultOf(route: Route, visit: Visit, scene: Scene, always: boolean): Fault | undefined {
  const last = visit.hops.at(-1)
  if (last === undefined) return undefined
  const fault = faultOfAnswer(route, visit, last, scene, always)
  if (fault === undefined || visit.hops.length === 1) return fault
  const after = `${plain(last.url, 200)}, after ${count(visit.hops.length - 1, 'redirect')}`
  return { ...fault, actual: `${fault.actual}; at ${after}` }
}

function faultOfAnswer(route: Route, visit: Visit, last: Exchange, scene: Scene, always: boolean): Fault | undefined {
  const mismatches = mismatchesOf(route, last)
  const { error, status } = last
  // An answer whose body broke off still has a status, and that tells more when it is not the one expected.
  const isUnexpected = status !== undefined && mismatches.some(({ code }) => code === 'STATUS')
  if (error !== undefined && !isUnexpected) return brokenFault(route, last, error, scene)
  const actual = timingLine([last])
  const redirect = redirectCause(route, visit, last)
  if (redirect !== undefined) return failure(actual, redirect)
  if (mismatches.length === 0) {
    const behind = strangerBehind(route, last, scene)
    return behind === undefined ? undefined : doubt(actual, behind)
  }
  if (isUnexpected && isGatewayStatus(status)) {
    return failure(actual, ...gatewayCauses(route, { ...last, status }, scene, always))
  }
  const stranger = strangerCause(route, last, scene)
  // What else differs in an answer of another status follows from that.
  const telling = isUnexpected ? mismatches.filter(({ code }) => code === 'STATUS') : mismatches
  const own =
    isUnexpected && status === 404 ? [notFoundCause(route, last, scene)] : telling.map((each) => causeOf(each, last))
  const [first, ...others] = stranger === undefined ? own : [stranger, ...own.map(({ code, said }) => ({ code, said }))]
  if (first === undefined) return undefined
  const isCertain = stranger !== undefined || mismatches.some(({ certain }) => certain)
  return isCertain ? failure(actual, first, ...others) : doubt(actual, first, ...others)
}

function causeOf({ code, said }: Mismatch, { status = 0 }: Exchange): Cause {
  return { code, said, remedy: code === 'STATUS' ? statusRemedy(status) : remedies[code] }
}

const remedies: Readonly<Record<Exclude<Mismatch['code'], 'STATUS'>, string>> = {
  HEADER: 'See which service, or which middleware of the router, sets it; or correct `headers` of this route.',
  BODY: 'See in a browser who answers: another service, an error page, or a new version of the page; then mend the router, or correct `body` of this route.',
  JSON: 'See who answers: another service, a page instead of the API, or a new version of it; then mend the router, or correct `json` of this route.',
  BODY_TOO_LARGE: 'Raise `target.http.maxBodyBytes`, or name a mark nearer to the beginning of the page.',
  BODY_NOT_ASKED: 'Set `method: GET` for this route, or expect nothing of its body.',
  JSON_SCHEMA_UNUSABLE: 'Put `json` of this route in simpler words of JSON Schema.',
}

function statusRemedy(status: number): string {
  if (status === 401 || status === 403) {
    return 'Give this route `credentials` if it is meant to ask for them; else see which middleware or service turns us away.'
  }
  if (status === 429) return 'Take this machine out of the rate limit, or run less often.'
  if (status >= 500) return 'The service itself failed: its log (`docker service logs`) says why.'
  return 'See who answers and why, or correct `status` of this route.'
}
