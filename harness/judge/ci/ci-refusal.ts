import type { Exchange } from '../../model/http.ts'
import { inShort, type Said } from './answer.ts'
import { jsonIn, userAnswer } from './ci-api.ts'

/** What it means that the list of builds is withheld; undefined where it is not. */
export function refusedBuilds(exchange: Exchange, withToken: boolean): Said | undefined {
  const { error, status } = exchange
  if (error !== undefined) return undefined
  const actual = inShort(exchange)
  if ((status === 401 || status === 403) && !withToken) {
    return {
      actual,
      verdict: 'unknown',
      code: 'BUILDS_NEED_TOKEN',
      reason: 'the repository is not public, and no token is configured',
      remedy: 'Configure `expect.ci.credentials`.',
    }
  }
  if (status === 401) {
    return {
      actual,
      verdict: 'fail',
      code: 'BUILDS_UNAUTHORIZED',
      reason: 'the server takes us for a guest although a token was sent, and a guest may not read this repository',
      remedy: 'See the subject `token` of this check; renew the token.',
    }
  }
  if (status === 403) {
    return {
      actual,
      verdict: 'fail',
      code: 'BUILDS_FORBIDDEN',
      reason: 'the server knows the token, and its owner may not read this repository; or a proxy before it refuses',
      remedy: 'Give the owner of the token access to the repository.',
    }
  }
  if (status === 404) {
    return {
      actual,
      verdict: 'fail',
      code: 'REPO_UNKNOWN',
      reason: 'the server knows of no such repository, or hides it from who asks',
      remedy: 'Correct `expect.ci.repo`, activate the repository, or give the owner of the token access to it.',
    }
  }
  return undefined
}

/** What it means that the server does not say whose the token is; undefined where it says so, or is not well. */
export function refusedUser(exchange: Exchange): Said | undefined {
  const { error, status, body = '' } = exchange
  if (error !== undefined) return undefined
  const guest =
    status === 401 ||
    status === 403 ||
    (status === 200 && jsonIn(body) !== undefined && userAnswer.read(body) === undefined)
  if (!guest) return undefined
  return {
    actual: inShort(exchange),
    verdict: 'fail',
    code: 'TOKEN_UNKNOWN',
    reason: 'a wrong or expired token silently makes a guest of who sends it: public repositories still answer',
    remedy: 'Renew the token that `expect.ci.credentials` names, and whatever else uses the same one.',
  }
}
