import { plain } from '../../core/text.ts'
import type { Exchange } from '../../model/http.ts'
import type { Route, TextPattern } from '../../model/routing.ts'
import { list } from '../say.ts'
import { jsonProblemOf } from './json-problem.ts'

/** One thing that is not as expected of an answer. */
export interface Mismatch {
  readonly code: 'STATUS' | 'HEADER' | 'BODY' | 'JSON' | 'BODY_TOO_LARGE' | 'BODY_NOT_ASKED' | 'JSON_SCHEMA_UNUSABLE'
  /** False where more of the body, or a better question, could still show it to be as expected. */
  readonly certain: boolean
  readonly said: string
}

/** What of an answer is not as expected; nothing where all is. Redirects and errors are not its matter. */
export function mismatchesOf(route: Route, exchange: Exchange): readonly Mismatch[] {
  return [
    ...statusMismatch(route, exchange),
    ...headerMismatches(route, exchange),
    ...patternsOf(route).flatMap((pattern) => bodyMismatch(pattern, exchange)),
    ...jsonMismatch(route, exchange),
  ]
}

/** Whether something is expected that tells this route's answer from those of others. */
export function hasMarker(route: Route): boolean {
  return patternsOf(route).length > 0 || route.json !== undefined || Object.keys(route.headers).length > 0
}

/** `200 with "Drone"`: what is expected, in words. */
export function describeExpected(route: Route): string {
  const headers = Object.entries(route.headers).map(([name, pattern]) => `${name}: ${quote(pattern)}`)
  const marks = [
    ...headers,
    ...patternsOf(route).map(quote),
    ...(route.json === undefined ? [] : ['JSON of the given shape']),
  ]
  const marked = marks.length === 0 ? '' : ` with ${list(marks, 3)}`
  const redirects = route.follow === 0 ? '' : `, at most ${route.follow} redirects before it`
  return `${route.method === 'HEAD' ? 'HEAD ' : ''}${[route.status].flat().join(' or ')}${marked}${redirects}`
}

function statusMismatch(route: Route, { status }: Exchange): readonly Mismatch[] {
  const wanted = [route.status].flat()
  if (status !== undefined && wanted.includes(status)) return []
  return [{ code: 'STATUS', certain: true, said: `${status ?? 'no status'} instead of ${wanted.join(' or ')}` }]
}

function headerMismatches(route: Route, { headers = {} }: Exchange): readonly Mismatch[] {
  return Object.entries(route.headers).flatMap(([name, pattern]): readonly Mismatch[] => {
    const value = headers[name.toLowerCase()]
    if (value !== undefined && (typeof pattern === 'string' ? value === pattern : matches(pattern, value))) return []
    const is = value === undefined ? 'is not there' : `is "${plain(value, 80)}"`
    return [{ code: 'HEADER', certain: true, said: `the header ${name} ${is}, not ${quote(pattern)}` }]
  })
}

function bodyMismatch(pattern: TextPattern, exchange: Exchange): readonly Mismatch[] {
  const { body } = exchange
  if (body === undefined) return [notAsked(exchange)]
  const isCut = exchange.truncated === true
  const isMet = typeof pattern === 'string' ? body.includes(pattern) : matches(pattern, body)
  if (isMet && !(isCut && looksToTheEnd(pattern))) return []
  if (isCut) return [tooLarge(body, isMet ? `all that ${quote(pattern)} looks at` : quote(pattern))]
  return [{ code: 'BODY', certain: true, said: `no ${quote(pattern)} in the body, which begins ${begins(body)}` }]
}

function jsonMismatch({ json }: Route, exchange: Exchange): readonly Mismatch[] {
  if (json === undefined) return []
  const { body } = exchange
  if (body === undefined) return [notAsked(exchange)]
  if (exchange.truncated === true) return [tooLarge(body, 'the end of the JSON')]
  const problem = jsonProblemOf(json, body)
  if (problem === undefined) return []
  const said = plain(problem.said, 200)
  if (problem.kind === 'no schema') return [{ code: 'JSON_SCHEMA_UNUSABLE', certain: false, said }]
  return [{ code: 'JSON', certain: true, said: `${said}; the body begins ${begins(body)}` }]
}

function notAsked({ method }: Exchange): Mismatch {
  return {
    code: 'BODY_NOT_ASKED',
    certain: false,
    said: `an answer to ${method} came without the body that is expected`,
  }
}

function tooLarge(body: string, missing: string): Mismatch {
  const said = `${missing} is not within the ${body.length.toLocaleString('en-US')} characters that were read; more came`
  return { code: 'BODY_TOO_LARGE', certain: false, said }
}

function patternsOf({ body }: Route): readonly TextPattern[] {
  return body === undefined ? [] : [body].flat()
}

function matches({ matches }: Exclude<TextPattern, string>, text: string): boolean {
  return new RegExp(matches, 'u').test(text)
}

/** What is not there, or ends there, can only be told of a whole body. */
function looksToTheEnd(pattern: TextPattern): boolean {
  return typeof pattern !== 'string' && /\$|\(\?!/.test(pattern.matches)
}

function quote(pattern: TextPattern): string {
  return typeof pattern === 'string' ? `"${plain(pattern, 60)}"` : `/${plain(pattern.matches, 60)}/`
}

function begins(body: string): string {
  return body.trim() === '' ? 'with nothing' : `"${plain(body, 80)}"`
}
