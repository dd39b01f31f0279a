import { describe, expect, test } from 'vitest'
import type { Judgement } from '../../model/check.ts'
import type { CiServer } from '../../model/facts/routing/ci.ts'
import type { Exchange } from '../../model/http.ts'
import { judge, verdictsOf } from '../test-host/green.ts'
import { ciAnswersForItself } from './ci-answers-for-itself.ts'
import { answer, broken, withFact } from './testing/exchange.ts'

const page = '<!DOCTYPE html><title>Drone</title><div id="root"></div>'
const sound: CiServer = {
  health: answer('OK\n', { headers: { 'content-type': 'text/plain' } }),
  version: answer('{"source":"x","version":"2.25.0","commit":""}'),
  builds: answer('[{"number":12,"status":"success"},{"number":11,"status":"failure","params":{"RECIPE":"ghost"}}]'),
  unknownApiPath: answer('{"message":"Not Found"}', { status: 404 }),
  unknownPath: answer(page),
  user: answer('{"login":"ccci-bridge"}'),
}
const ci = { url: 'https://drone.test', repo: 'recipe-maintainers/cc-ci' }
const withToken = { ...ci, credentials: { env: 'DRONE_TOKEN' } }

function judgeServer(changes: Partial<CiServer> = {}, wanted: object = withToken): readonly Judgement[] {
  return judge(ciAnswersForItself, withFact('ci-server', { ...sound, ...changes }), { ci: wanted as typeof ci })
}

function about(subject: string, judgements: readonly Judgement[]): Judgement | undefined {
  return judgements.find((judgement) => judgement.subject === subject)
}

const refused = (status: number): Exchange => answer('{"message":"no"}', { status })

describe('a CI server that answers for itself', () => {
  test('each of its answers is judged, and told', () => {
    const judgements = judgeServer()
    expect(verdictsOf(judgements)).toEqual([
      'health: pass',
      'version: pass',
      'API: pass',
      'unknown paths: pass',
      'token: pass',
    ])
    expect(judgements.map(({ actual }) => actual)).toEqual([
      '200 and `OK`: a constant, the process answers and no more',
      '2.25.0',
      '2 builds, the first is #12',
      expect.stringMatching(/^outside of the API 200, text\/html, .*; below it 404, application\/json, 23 characters/),
      'known as ccci-bridge',
    ])
  })

  test('it may be that no build was ever made', () => {
    expect(about('API', judgeServer({ builds: answer('[]') }))).toMatchObject({ verdict: 'pass', actual: 'no build' })
  })

  test('the page below the API is told', () => {
    const controls = about('unknown paths', judgeServer({ unknownApiPath: answer(page) }))
    expect(controls).toMatchObject({ verdict: 'pass', actual: expect.stringContaining('the page of the UI, it seems') })
  })

  test('without a token nobody is asked whose it is', () => {
    const { user: _user, ...rest } = sound
    const judgements = judge(ciAnswersForItself, withFact('ci-server', rest), { ci })
    expect(about('token', judgements)).toMatchObject({ verdict: 'n/a', reason: expect.stringContaining('credentials') })
    expect(judgements.filter(({ verdict }) => verdict !== 'pass')).toHaveLength(1)
  })

  test('where none is named it does not apply', () => {
    expect(judge(ciAnswersForItself, undefined, { ci: undefined })).toMatchObject([{ verdict: 'n/a' }])
  })
})

describe('a CI server whose answers are none', () => {
  test.each<readonly [string, keyof CiServer, Exchange, string, string, string]>([
    ['the page for health', 'health', answer(page), 'health', 'fail', 'CI_PAGE_FOR_API'],
    ['the page for the version', 'version', answer(page), 'version', 'fail', 'CI_PAGE_FOR_API'],
    ['the page for builds', 'builds', answer(page), 'API', 'fail', 'CI_PAGE_FOR_API'],
    ['another page than that for unknown paths', 'builds', answer('\n<html>'), 'API', 'fail', 'CI_PAGE_FOR_API'],
    ['the page for the user', 'user', answer(page), 'token', 'fail', 'CI_PAGE_FOR_API'],
    ['OK for every path', 'unknownPath', answer('OK'), 'health', 'fail', 'CI_PAGE_FOR_API'],
    ['OK for every path of the API', 'unknownApiPath', answer('OK'), 'health', 'fail', 'CI_PAGE_FOR_API'],
    ['a version for every path', 'unknownPath', answer('{"version":"9"}'), 'version', 'fail', 'CI_PAGE_FOR_API'],
    ['an empty list for every path', 'unknownApiPath', answer('[]'), 'API', 'fail', 'CI_PAGE_FOR_API'],
    ['a login for every path', 'unknownApiPath', answer('{"login":"x"}'), 'token', 'fail', 'CI_PAGE_FOR_API'],
    ['health that is not OK', 'health', answer('OKAY'), 'health', 'fail', 'CI_ANSWER_FOREIGN'],
    ['nothing for health', 'health', answer(''), 'health', 'fail', 'CI_ANSWER_FOREIGN'],
    ['a version without one', 'version', answer('{"version":""}'), 'version', 'fail', 'CI_ANSWER_FOREIGN'],
    ['null for builds', 'builds', answer('null'), 'API', 'fail', 'CI_ANSWER_FOREIGN'],
    ['builds without numbers', 'builds', answer('[{"status":"success"}]'), 'API', 'fail', 'CI_ANSWER_FOREIGN'],
    ['JSON that is none', 'builds', answer('[{'), 'API', 'fail', 'CI_ANSWER_FOREIGN'],
    ['builds that were cut', 'builds', answer('[{', { truncated: true }), 'API', 'unknown', 'BODY_CUT'],
    ['a health of 404', 'health', refused(404), 'health', 'fail', 'HTTP_STATUS'],
    ['a version of 502', 'version', refused(502), 'version', 'fail', 'HTTP_STATUS'],
    ['a redirect', 'health', answer('', { status: 303, headers: { location: '/x' } }), 'health', 'fail', 'HTTP_STATUS'],
    ['builds of 401', 'builds', refused(401), 'API', 'fail', 'BUILDS_UNAUTHORIZED'],
    ['builds of 403', 'builds', refused(403), 'API', 'fail', 'BUILDS_FORBIDDEN'],
    ['builds of 404', 'builds', refused(404), 'API', 'fail', 'REPO_UNKNOWN'],
    ['builds of 500', 'builds', refused(500), 'API', 'fail', 'HTTP_STATUS'],
    ['a user of 401', 'user', refused(401), 'token', 'fail', 'TOKEN_UNKNOWN'],
    ['a user of 403', 'user', refused(403), 'token', 'fail', 'TOKEN_UNKNOWN'],
    ['a user without a login', 'user', answer('{}'), 'token', 'fail', 'TOKEN_UNKNOWN'],
    ['a user of 502', 'user', refused(502), 'token', 'fail', 'HTTP_STATUS'],
    ['a port that is closed', 'health', broken('connect', 'TCP_REFUSED'), 'health', 'fail', 'TCP_REFUSED'],
    ['a certificate that is over', 'version', broken('tls', 'TLS_EXPIRED'), 'version', 'fail', 'TLS_EXPIRED'],
    ['a name nobody knows', 'builds', broken('dns', 'DNS_NOT_FOUND'), 'API', 'fail', 'DNS_NOT_FOUND'],
    ['a silent server', 'user', broken('answer', 'HTTP_TIMEOUT'), 'token', 'fail', 'HTTP_TIMEOUT'],
    ['our own DNS silent', 'health', broken('dns', 'DNS_TIMEOUT'), 'health', 'unknown', 'DNS_TIMEOUT'],
    ['our own proxy down', 'builds', broken('proxy', 'SOCKS_UNREACHABLE'), 'API', 'unknown', 'SOCKS_UNREACHABLE'],
    [
      'a control not answered',
      'unknownPath',
      broken('answer', 'HTTP_TIMEOUT'),
      'unknown paths',
      'unknown',
      'HTTP_TIMEOUT',
    ],
    ['a control of 503', 'unknownApiPath', refused(503), 'unknown paths', 'unknown', 'HTTP_STATUS'],
  ])('%s', (_, asked, exchange, subject, verdict, code) => {
    const judgements = judgeServer({ [asked]: exchange })
    expect(judgements.filter((judgement) => judgement.verdict !== 'pass')).toEqual([
      expect.objectContaining({ subject, verdict, code, reason: expect.any(String), remedy: expect.any(String) }),
    ])
  })

  test('a page that is the same for health as for unknown paths is told from any other', () => {
    const stub = answer('{"hello":1}')
    const judgements = judgeServer({ health: stub, unknownPath: stub })
    expect(about('health', judgements)).toMatchObject({ verdict: 'fail', code: 'CI_PAGE_FOR_API' })
  })

  test.each([401, 403])('without a token, builds of %i could not be asked for', (status) => {
    const { user: _user, ...rest } = sound
    const judgements = judge(ciAnswersForItself, withFact('ci-server', { ...rest, builds: refused(status) }), { ci })
    expect(about('API', judgements)).toMatchObject({ verdict: 'unknown', code: 'BUILDS_NEED_TOKEN' })
  })

  test('a token whose owner was not asked for proves nothing', () => {
    const { user: _user, ...rest } = sound
    const judgements = judge(ciAnswersForItself, withFact('ci-server', rest), { ci: withToken })
    expect(about('token', judgements)).toMatchObject({ verdict: 'unknown', code: 'TOKEN_NOT_ASKED' })
  })

  test('what is quoted of an answer is bounded, and harmless', () => {
    const [health] = judgeServer({ health: answer(`\u001b[31m\u202e${'x'.repeat(1_000_000)}`) })
    expect(health?.actual.length).toBeLessThan(200)
    expect(health?.actual).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})
