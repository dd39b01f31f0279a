import { plain } from '../../core/text.ts'
import type { Visit } from '../../model/facts/routing/routes.ts'
import type { Exchange } from '../../model/http.ts'
import type { Route } from '../../model/routing.ts'
import { count } from '../say.ts'
import type { Cause } from './fault.ts'

/** Why a visit got nowhere, if its redirects are to blame. */
export function redirectCause(route: Route, { hops, stopped }: Visit, last: Exchange): Cause | undefined {
  const { status = 0, headers = {} } = last
  const isExpected = [route.status].flat().includes(status)
  // One that is not to be followed may lead back all the same.
  if (stopped === 'loop' || (!isExpected && leadsBack(hops, last))) {
    return {
      code: 'REDIRECT_LOOP',
      said: `the redirects lead in a circle: ${chainOf(hops)}`,
      remedy:
        'One of both ends undoes what the other does: a proxy that redirects to https what already came so (a TLS end before it that is not told on in `X-Forwarded-Proto`), or a service that is told another address of itself.',
    }
  }
  if (isExpected) return undefined
  if (stopped === 'too many') {
    return {
      code: 'REDIRECT_TOO_MANY',
      said: `${count(hops.length, 'redirect')}, and at most ${route.follow} are to be followed: ${chainOf(hops)}`,
      remedy: 'Raise `follow` of this route if the last address is meant; else mend who redirects there.',
    }
  }
  const location = headers['location']
  if (status < 300 || status > 399 || location === undefined) return undefined
  return {
    code: 'REDIRECT_ELSEWHERE',
    said: `it leads to ${plain(location, 200)}, and no redirect is expected`,
    remedy: `Set \`follow\` of this route if it is meant to lead there, or \`status: ${status}\` if the redirect itself is what is expected; else mend who redirects.`,
  }
}

function leadsBack(hops: readonly Exchange[], last: Exchange): boolean {
  const next = targetOf(last)
  return next !== undefined && hops.some(({ url }) => new URL(url).href === next.href)
}

/** Where a redirect leads; undefined where an answer is none. */
export function targetOf({ url, status = 0, headers }: Exchange): URL | undefined {
  const location = headers?.['location']
  if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, url)) return undefined
  const target = new URL(location, url)
  // A fragment is not sent.
  target.hash = ''
  return target
}

function chainOf(hops: readonly Exchange[]): string {
  const next = hops.at(-1)?.headers?.['location']
  const urls = [...hops.map(({ url }) => url), ...(next === undefined ? [] : [next])].map((url) => plain(url, 120))
  return urls.length > 6 ? `${urls.slice(0, 3).join(' → ')} → … → ${urls.slice(-2).join(' → ')}` : urls.join(' → ')
}
