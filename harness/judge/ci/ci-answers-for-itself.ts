import { defineCheck, type Judgement } from '../../model/check.ts'
import { type CiServer, ciServer } from '../../model/facts/routing/ci.ts'
import type { Exchange } from '../../model/http.ts'
import { inShort, type Said, whyNoAnswer } from './answer.ts'
import { type ApiAnswer, buildsAnswer, healthAnswer, userAnswer, versionAnswer } from './ci-api.ts'
import { refusedBuilds, refusedUser } from './ci-refusal.ts'

export const ciAnswersForItself = defineCheck({
  id: 'PV-CI-001',
  title: 'The CI server answers for itself, not with its page',
  needs: { ciServer },
  notApplicable: ({ ci }) => (ci === undefined ? 'no CI server is named in `expect.ci`' : undefined),
  judge: ({ ciServer }, { ci }) => {
    const withToken = ci?.credentials !== undefined
    const controls = [ciServer.unknownPath, ciServer.unknownApiPath]
    const judge = (wanted: ApiAnswer, exchange: Exchange, refused?: Said): Judgement => ({
      subject: wanted.subject,
      expected: wanted.expected,
      ...(refused ?? judgeAnswer(wanted, exchange, controls)),
    })
    return [
      judge(healthAnswer, ciServer.health),
      judge(versionAnswer, ciServer.version),
      judge(buildsAnswer, ciServer.builds, refusedBuilds(ciServer.builds, withToken)),
      judgeControls(ciServer),
      ciServer.user === undefined
        ? { subject: userAnswer.subject, expected: userAnswer.expected, ...noToken(withToken) }
        : judge(userAnswer, ciServer.user, refusedUser(ciServer.user)),
    ]
  },
})

/** An answer is one only if what the server says to a path that it cannot know would not pass for it. */
function judgeAnswer(wanted: ApiAnswer, exchange: Exchange, controls: readonly Exchange[]): Said {
  const none = whyNoAnswer(exchange)
  if (none !== undefined) return none
  const { body = '', truncated } = exchange
  if (truncated === true) {
    return {
      actual: inShort(exchange),
      verdict: 'unknown',
      code: 'BODY_CUT',
      reason: 'the answer is longer than what was read of it',
      remedy: 'Raise `target.http.maxBodyBytes`.',
    }
  }
  const pages = controls.filter(isGood)
  const said = wanted.read(body)
  if (said !== undefined) {
    const alike = pages.some((page) => wanted.read(page.body ?? '') !== undefined)
    return alike ? pageForApi(exchange, alikeReason) : { actual: said, verdict: 'pass' }
  }
  if (pages.some((page) => page.body === body)) return pageForApi(exchange, alikeReason)
  if (/^\s*</.test(body)) return pageForApi(exchange, 'this is a page for people, and no answer of the API')
  return {
    actual: inShort(exchange),
    verdict: 'fail',
    code: 'CI_ANSWER_FOREIGN',
    reason: 'this is not how a CI server answers: somebody else does, or an API of another version',
    remedy: 'Correct `expect.ci.url`, or find out who answers there.',
  }
}

const alikeReason =
  'the server says the same kind of thing to paths that it cannot know: this is its page, and no answer'

function pageForApi(exchange: Exchange, reason: string): Said {
  return {
    actual: inShort(exchange),
    verdict: 'fail',
    code: 'CI_PAGE_FOR_API',
    reason,
    remedy:
      'Correct `expect.ci.url` (the address of the server itself, without a path); if it is right, the server, or whatever stands before it, answers every path alike, and proves nothing by it.',
  }
}

function judgeControls({ unknownPath, unknownApiPath }: CiServer): Judgement {
  const subject = 'unknown paths'
  const expected = 'the page, or 404: nothing that passes for an answer'
  for (const control of [unknownPath, unknownApiPath]) {
    const { error, status = 0 } = control
    const none = error !== undefined || status >= 500 ? whyNoAnswer(control) : undefined
    if (none !== undefined) {
      const reason = 'without what the server says to paths that it cannot know, its other answers may be the same page'
      return { subject, expected, ...none, verdict: 'unknown', reason: `${reason}; ${none.reason ?? ''}` }
    }
  }
  const below = isGood(unknownApiPath) ? ', the page of the UI, it seems' : ''
  const actual = `outside of the API ${inShort(unknownPath)}; below it ${inShort(unknownApiPath)}${below}`
  return { subject, expected, actual, verdict: 'pass' }
}

function noToken(configured: boolean): Said {
  if (!configured) {
    return { actual: 'not asked', verdict: 'n/a', reason: 'no credentials are configured in `expect.ci.credentials`' }
  }
  return {
    actual: 'not asked',
    verdict: 'unknown',
    code: 'TOKEN_NOT_ASKED',
    reason: 'a token is configured, and the evidence does not hold whose it is',
    remedy: 'Verify again.',
  }
}

function isGood({ error, status = 0 }: Exchange): boolean {
  return error === undefined && status >= 200 && status < 300
}
