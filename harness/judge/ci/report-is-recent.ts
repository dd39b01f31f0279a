import { messageOf } from '../../core/errors.ts'
import { plain } from '../../core/text.ts'
import { defineCheck, type Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import { reportPage } from '../../model/facts/routing/ci.ts'
import type { Exchange } from '../../model/http.ts'
import { duration } from '../say.ts'
import { answeredAtMs, inShort, type Said, whyNoAnswer } from './answer.ts'
import { type Moment, momentIn } from './moment.ts'
import { attributeOf, pageOf, textOf } from './page.ts'

type ReportSite = NonNullable<Expectations['reportSite']>

export const reportIsRecent = defineCheck({
  id: 'PV-CI-003',
  title: "The report site's page is there and recent",
  needs: { page: reportPage },
  notApplicable: ({ reportSite }) =>
    reportSite === undefined ? 'no report site is named in `expect.reportSite`' : undefined,
  judge: ({ page }, { reportSite }) => (reportSite === undefined ? [] : [judgePage(page, reportSite)]),
})

function judgePage(page: Exchange, site: ReportSite): Judgement {
  const age = site.maxAgeHours === undefined ? '' : `, at most ${duration(site.maxAgeHours * 3_600_000)} old`
  const said = { subject: plain(site.url, 200), expected: `200, with \`${plain(site.marker, 80)}\`${age}` }
  return { ...said, ...(whyNoAnswer(page) ?? whyForeign(page, site) ?? judgeAge(page, site)) }
}

function whyForeign(page: Exchange, { marker }: ReportSite): Said | undefined {
  if ((page.body ?? '').includes(marker)) return undefined
  if (page.truncated === true) {
    return {
      actual: inShort(page),
      verdict: 'unknown',
      code: 'PAGE_CUT',
      reason: 'the marker is not on the part of the page that was read',
      remedy: 'Raise `target.http.maxBodyBytes`, or choose a marker from the beginning of the page.',
    }
  }
  return {
    actual: inShort(page),
    verdict: 'fail',
    code: 'MARKER_MISSING',
    reason: 'this is another page: the wrong service answers, or the site was changed',
    remedy: 'See what answers there (PV-ROUTE-001), or correct `marker` in `expect.reportSite`.',
  }
}

/** A page made a moment from now is only a matter of two clocks. */
const toleratedMs = 300_000

function judgeAge(page: Exchange, site: ReportSite): Said {
  const told = timeOf(page, site)
  if (typeof told === 'string') {
    if (site.maxAgeHours === undefined) return { actual: `200, with the marker; ${told}`, verdict: 'pass' }
    return {
      actual: `200, with the marker; ${told}`,
      verdict: 'unknown',
      code: 'AGE_NOT_TOLD',
      reason: 'how old the page is cannot be known',
      remedy: 'Name in `time` of `expect.reportSite` the element that says when the page was made.',
    }
  }
  const nowMs = answeredAtMs(page)
  const youngestMs = nowMs - told.latestMs
  const oldestMs = nowMs - told.earliestMs
  const actual = `200, with the marker, ${inWords(youngestMs, oldestMs)}`
  if (site.maxAgeHours === undefined) return { actual, verdict: 'pass' }
  const maxAgeMs = site.maxAgeHours * 3_600_000
  if (oldestMs < -toleratedMs) {
    return {
      actual,
      verdict: 'fail',
      code: 'TIME_AHEAD',
      reason:
        'a page cannot be from the future: a clock is wrong, or the zone of its time is, and so its age is not known',
      remedy: 'Set the clock of whatever makes the page right, and that of the host.',
    }
  }
  if (youngestMs > maxAgeMs) {
    return {
      actual,
      verdict: 'fail',
      code: 'REPORT_OLD',
      reason: 'nobody has made it anew for longer than that',
      remedy: 'See whether whatever makes the report still runs, and what it says.',
    }
  }
  const behindMs = Date.parse(page.startedAt) - nowMs
  if (behindMs > toleratedMs && youngestMs + behindMs > maxAgeMs) {
    return {
      actual: `${actual} when it was answered, by the answer's own date; ${duration(behindMs)} before we asked`,
      verdict: 'unknown',
      code: 'DATE_BEHIND',
      reason: 'either the clock of the host is behind ours, or a cache hands out an old answer without saying so',
      remedy: 'Set the clocks of the host and of this machine right; else see which cache stands before the site.',
    }
  }
  if (oldestMs > maxAgeMs) {
    return {
      actual,
      verdict: 'unknown',
      code: 'TIME_INEXACT',
      reason: 'the page says when it was made without a zone, or without the hour: it may be too old, or not',
      remedy: 'Let the page say it in full, as in `<time datetime="2026-11-20T12:00:00Z">`.',
    }
  }
  return { actual, verdict: 'pass' }
}

/** When the page was made, or in words why that is not known. */
function timeOf(page: Exchange, { time: selector }: ReportSite): Moment | string {
  if (selector === undefined) {
    const header = page.headers?.['last-modified']
    if (header === undefined) return 'no Last-Modified'
    return momentIn(header) ?? `no time in Last-Modified: ${plain(header, 80)}`
  }
  try {
    const [element] = pageOf(page).find(selector)
    if (element === undefined) return `nothing on the page is \`${selector}\``
    const text = attributeOf(element, 'datetime') ?? textOf(element)
    return momentIn(text) ?? `no time in \`${selector}\`: ${plain(text, 80)}`
  } catch (error) {
    return `looking for \`${selector}\` failed: ${plain(messageOf(error), 200)}`
  }
}

function inWords(youngestMs: number, oldestMs: number): string {
  if (oldestMs < 0) return `dated ${duration(-oldestMs)} ahead`
  if (oldestMs === youngestMs) return `${duration(oldestMs)} old`
  return `${duration(youngestMs)} to ${duration(oldestMs)} old`
}
