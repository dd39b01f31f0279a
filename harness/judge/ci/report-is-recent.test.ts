import { describe, expect, test } from 'vitest'
import type { Judgement } from '../../model/check.ts'
import type { Exchange } from '../../model/http.ts'
import { judge, only } from '../test-host/green.ts'
import { momentIn } from './moment.ts'
import { reportIsRecent } from './report-is-recent.ts'
import { answer, broken, withFact } from './testing/exchange.ts'

const marker = '<h1>Recipe CI reports</h1>'
const site = { url: 'https://report.test/', marker, time: 'time', maxAgeHours: 24 }

function judgePage(page: Exchange, changes: object = {}): Judgement {
  return only(judge(reportIsRecent, withFact('report-page', page), { reportSite: { ...site, ...changes } }))
}

const made = (time: string, changes: Partial<Exchange> = {}): Exchange => answer(`${marker}<p>${time}</p>`, changes)
const dated = (datetime: string, changes?: Partial<Exchange>): Exchange =>
  made(`Made <time datetime="${datetime}">lately</time>`, changes)
const header = (text: string): Exchange => made('', { headers: { 'last-modified': text } })

describe("the report site's page", () => {
  test.each<readonly [string, Exchange, object, string]>([
    ['an hour old', dated('2026-11-20T11:00:00Z'), {}, '1 h old'],
    ['as old as may be', dated('2026-11-19T12:00:00Z'), {}, '1 d old'],
    ['dated in text', made('<time>Generated 2026-11-20 10:30 UTC</time>'), {}, '1 h 30 min old'],
    ['dated in another zone', dated('2026-11-20T12:30:00+01:00'), {}, '30 min old'],
    ['dated by its header', header('Fri, 20 Nov 2026 09:00:00 GMT'), { time: undefined }, '3 h old'],
    [
      'a day without an hour, young enough whatever it was',
      dated('2026-11-20'),
      { maxAgeHours: 48 },
      '0 s to 1 d 2 h old',
    ],
    ['a moment ahead', dated('2026-11-20T12:04:59Z'), {}, 'dated 4 min 59 s ahead'],
    ['old, and no age is asked for', dated('2020-01-01T00:00:00Z'), { maxAgeHours: undefined }, ' old'],
    ['without a time, and no age is asked for', made(''), { maxAgeHours: undefined }, 'nothing on the page is `time`'],
    [
      'of a host whose clock is behind, and its page with it, young enough by both clocks',
      dated('2026-11-20T09:00:00Z', { headers: { date: 'Fri, 20 Nov 2026 10:00:00 GMT' } }),
      {},
      '1 h old',
    ],
  ])('%s: pass', (_, page, changes, told) => {
    expect(judgePage(page, changes)).toMatchObject({ verdict: 'pass', actual: expect.stringContaining(told) })
  })

  test.each<readonly [string, Exchange, object, string, string]>([
    ['a second too old', dated('2026-11-19T11:59:59Z'), {}, 'fail', 'REPORT_OLD'],
    ['too old by its header', header('Tue, 17 Nov 2026 09:00:00 GMT'), { time: undefined }, 'fail', 'REPORT_OLD'],
    [
      'too old by the clock of its host',
      dated('2026-11-20T11:00:00Z', { headers: { date: 'Mon, 23 Nov 2026 12:00:00 GMT' } }),
      {},
      'fail',
      'REPORT_OLD',
    ],
    [
      'too old, out of a cache that hands out the date of then',
      dated('2026-11-18T11:00:00Z', { headers: { date: 'Wed, 18 Nov 2026 12:00:00 GMT', age: '172800' } }),
      {},
      'fail',
      'REPORT_OLD',
    ],
    ['a day that is too old whatever the hour', dated('2026-11-17'), {}, 'fail', 'REPORT_OLD'],
    ['from the future', dated('2026-11-20T12:05:01Z'), {}, 'fail', 'TIME_AHEAD'],
    [
      'young by the date of an answer that is a year old itself: a cache that hides its age, or a clock',
      dated('2025-11-20T11:00:00Z', { headers: { date: 'Thu, 20 Nov 2025 12:00:00 GMT' } }),
      {},
      'unknown',
      'DATE_BEHIND',
    ],
    ['a day that may be too old', dated('2026-11-19'), {}, 'unknown', 'TIME_INEXACT'],
    ['a time without a zone that may be too old', dated('2026-11-19T13:00:00'), {}, 'unknown', 'TIME_INEXACT'],
    [
      'without the element',
      made('', { headers: { 'last-modified': 'Fri, 20 Nov 2026 09:00:00 GMT' } }),
      {},
      'unknown',
      'AGE_NOT_TOLD',
    ],
    ['with a time that is none', dated('Report 12'), {}, 'unknown', 'AGE_NOT_TOLD'],
    ['with a day that is none', dated('2026-13-45'), {}, 'unknown', 'AGE_NOT_TOLD'],
    ['without a header', made(''), { time: undefined }, 'unknown', 'AGE_NOT_TOLD'],
    ['with a header that is none', header('yesterday'), { time: undefined }, 'unknown', 'AGE_NOT_TOLD'],
    ['looked at with no selector', dated('2026-11-20T11:00:00Z'), { time: 'time[' }, 'unknown', 'AGE_NOT_TOLD'],
    ['another page', answer('<h1>Welcome to nginx</h1>'), {}, 'fail', 'MARKER_MISSING'],
    ['an empty page', answer(''), {}, 'fail', 'MARKER_MISSING'],
    ['a page that was cut before the marker', answer('<p>', { truncated: true }), {}, 'unknown', 'PAGE_CUT'],
    ['of 404 with the marker', dated('2026-11-20T11:00:00Z', { status: 404 }), {}, 'fail', 'HTTP_STATUS'],
    ['of 301', answer('', { status: 301, headers: { location: 'https://x.test/' } }), {}, 'fail', 'HTTP_STATUS'],
    ['behind a login', answer('', { status: 401 }), {}, 'fail', 'HTTP_STATUS'],
    ['behind a closed port', broken('connect', 'TCP_REFUSED'), {}, 'fail', 'TCP_REFUSED'],
    ['behind our own proxy, which is down', broken('proxy', 'SOCKS_UNREACHABLE'), {}, 'unknown', 'SOCKS_UNREACHABLE'],
  ])('%s: not a pass', (_, page, changes, verdict, code) => {
    const reasoned = { reason: expect.any(String), remedy: expect.any(String) }
    expect(judgePage(page, changes)).toMatchObject({ verdict, code, ...reasoned })
  })

  test('where none is named it does not apply', () => {
    expect(judge(reportIsRecent, undefined, { reportSite: undefined })).toMatchObject([{ verdict: 'n/a' }])
  })
})

describe('a moment', () => {
  test.each([
    ['2026-11-20T12:00:00.123456Z', '2026-11-20T12:00:00.123Z'],
    ['at 2026-11-20 12:00 +0230, it says', '2026-11-20T09:30:00.000Z'],
    ['2026-11-20T12:00:00-05:00', '2026-11-20T17:00:00.000Z'],
    ['Fri, 20 Nov 2026 09:00:00 GMT', '2026-11-20T09:00:00.000Z'],
  ])('%s is exact', (text, moment) => {
    const atMs = Date.parse(moment)
    expect(momentIn(text)).toEqual({ earliestMs: atMs, latestMs: atMs })
  })

  test.each([
    ['2026-11-20T12:00', '2026-11-19T22:00:00Z', '2026-11-21T00:00:00Z'],
    ['2026-11-20', '2026-11-19T10:00:00Z', '2026-11-21T12:00:00Z'],
  ])('%s is any in between', (text, earliest, latest) => {
    expect(momentIn(text)).toEqual({ earliestMs: Date.parse(earliest), latestMs: Date.parse(latest) })
  })

  test.each(['', 'today', 'Report 5', '20/11/2026', '2026-99-99T00:00:00Z', '2026-11-20T99:99:00Z'])(
    '%j is none',
    (text) => {
      expect(momentIn(text)).toBeUndefined()
    },
  )
})
