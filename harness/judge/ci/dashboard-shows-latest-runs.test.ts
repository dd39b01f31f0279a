import { describe, expect, test } from 'vitest'
import type { Judgement } from '../../model/check.ts'
import type { Build, BuildsReading } from '../../model/facts/routing/ci.ts'
import type { Exchange } from '../../model/http.ts'
import { judge, only, verdictsOf } from '../test-host/green.ts'
import { dashboardShowsLatestRuns } from './dashboard-shows-latest-runs.ts'
import { answer, broken, secondsBefore, withFact } from './testing/exchange.ts'

const url = 'https://ci.test/'
const hour = secondsBefore(3600)

function build(number: number, recipe: string, status: string, changedAt = hour): Build {
  return { number, status, params: { RECIPE: recipe }, created: changedAt, finished: changedAt, updated: changedAt }
}

function read(...builds: readonly Build[]): BuildsReading {
  return { state: 'read', builds: [...builds].reverse(), complete: true }
}

/** `ghost pass 12`: a row. */
function pageOf(...rows: readonly string[]): Exchange {
  const cells = rows.map((row) => {
    const [recipe, badge, number] = row.split(' ')
    return `<tr><td>${recipe}</td><td><span class="badge ${badge}">${badge}</span></td><td>#${number}</td></tr>`
  })
  return answer(`<!DOCTYPE html><table><tr><th>recipe</th><th>latest run</th></tr>${cells.join('\n')}</table>`)
}

interface Case {
  readonly page?: Exchange
  readonly before?: BuildsReading
  readonly after?: BuildsReading
  readonly wish?: object
}

const passed = read(build(12, 'ghost', 'success'))

/** One enrolled recipe, `ghost`, whose last build is #12 and passed, unless it is said otherwise. */
function judgeBoard({ page = pageOf('ghost pass 12'), before = passed, after = before, wish }: Case) {
  const dashboard = { url, recipes: ['ghost'], build: 'td:nth-child(3)', ...wish }
  const ci = { url: 'https://drone.test', repo: 'o/n' }
  return judge(dashboardShowsLatestRuns, withFact('dashboard', { before, page, after }), { dashboard, ci })
}

const html = (body: string): Exchange => answer(`<html><body>${body}</body></html>`)
const unread: BuildsReading = { state: 'unread', why: 'HTTP 502' }
const ghostIs = (status: string, changedAt = hour): BuildsReading => read(build(12, 'ghost', status, changedAt))
const noNumber = { build: undefined }

describe('a badge and the last build', () => {
  test.each(['success', 'failure', 'error', 'killed', 'pending', 'running', 'blocked', 'waiting_on_dependencies'])(
    'of a build that is %s only the badge of its outcome is right',
    (status) => {
      const right = status === 'success' ? 'pass' : ['failure', 'error', 'killed'].includes(status) ? 'fail' : 'running'
      for (const badge of ['pass', 'fail', 'running']) {
        const judgement = only(judgeBoard({ page: pageOf(`ghost ${badge} 12`), before: ghostIs(status) }))
        expect(judgement).toMatchObject(
          badge === right ? { verdict: 'pass' } : { verdict: 'fail', code: 'BADGE_WRONG' },
        )
      }
    },
  )

  test.each<readonly [string, Case]>([
    [
      'the build before the page',
      {
        page: pageOf('ghost running 13'),
        before: read(build(13, 'ghost', 'running')),
        after: read(build(13, 'ghost', 'success')),
      },
    ],
    [
      'the build after the page',
      {
        page: pageOf('ghost pass 13'),
        before: read(build(13, 'ghost', 'running')),
        after: read(build(13, 'ghost', 'success')),
      },
    ],
    [
      'the older run, when a new one began meanwhile',
      { before: passed, after: read(build(12, 'ghost', 'success'), build(13, 'ghost', 'running', secondsBefore(0))) },
    ],
    [
      'the first run, which began meanwhile',
      { page: pageOf('ghost running 1'), before: read(), after: read(build(1, 'ghost', 'running')) },
    ],
    ['the only reading that there is', { after: unread }],
    [
      'the highest number, in whatever order builds are listed',
      {
        before: {
          state: 'read',
          builds: [build(3, 'ghost', 'failure'), build(12, 'ghost', 'success'), build(7, 'ghost', 'killed')],
        },
      },
    ],
    [
      'builds of others aside',
      {
        before: read(build(12, 'ghost', 'success'), build(13, 'hedgedoc', 'failure'), {
          ...build(14, '', 'error'),
          params: null,
        }),
      },
    ],
    ['a row without a number, where none is asked for', { page: pageOf('ghost pass'), wish: noNumber }],
    [
      'a badge of many spaces and capitals',
      { page: html('<table><tr><td> ghost\n<td><b class="badge">\n PASS </b><td>build 12 of main</table>') },
    ],
    [
      'a badge that is an image',
      { page: html('<table><tr><td>ghost<td><img class="badge" alt="Passing" src="x"><td>12</table>') },
    ],
    [
      'an image within the badge',
      { page: html('<table><tr><td>ghost<td><a class="badge"><img title="passed"></a><td>12</table>') },
    ],
    [
      'two badges that say the same',
      { page: html('<table><tr><td>ghost<td><b class="badge">pass</b><b class="badge">pass</b><td>12</table>') },
    ],
    [
      'a table within the row of another one',
      {
        page: html(
          '<table><tr><td><table><tr><td class="name">ghost<td><b class="badge">pass</b><td>12</table></table>',
        ),
        wish: { recipe: '.name' },
      },
    ],
    [
      'a table within a table',
      { page: html('<table><tr><td><table><tr><td>ghost<td><b class="badge">pass</b><td>12</table></table>') },
    ],
    [
      'another layout',
      {
        page: html('<ul><li><h3>ghost</h3><i class="st">ok</i><u>#12</u></ul>'),
        wish: { row: 'li', recipe: 'h3', badge: '.st', build: 'u', words: { pass: ['OK'] } },
      },
    ],
    [
      'a name with an entity',
      {
        page: html('<table><tr><td>a&amp;b<td><b class="badge">pass</b><td>12</table>'),
        before: read(build(12, 'a&b', 'success')),
        wish: { recipes: ['a&b', 'a&b'] },
      },
    ],
    ['tags that are never closed', { page: html('<table><tr><td>ghost<td><b class="badge">pass</b><td>12') }],
    [
      'a script in the row',
      {
        page: html(
          '<table><tr><td>ghost<script>"x"</script><td><b class="badge">pass<style>b{}</style></b><td>12</table>',
        ),
      },
    ],
  ])('pass: %s', (_, board) => {
    expect(judgeBoard(board)).toMatchObject([{ verdict: 'pass' }])
  })

  test.each<readonly [string, Case, string, string]>([
    ['no row', { page: pageOf('hedgedoc pass 11') }, 'fail', 'ROW_MISSING'],
    ['no row, and builds unread', { page: pageOf('hedgedoc pass 11'), before: unread }, 'fail', 'ROW_MISSING'],
    ['a row of a name that is longer', { page: pageOf('ghostly pass 12') }, 'fail', 'ROW_MISSING'],
    [
      'no row for a run that has only begun',
      { page: pageOf('hedgedoc pass 11'), before: ghostIs('pending', secondsBefore(59)) },
      'unknown',
      'DASHBOARD_LAG',
    ],
    ['no row, and never a run', { page: pageOf('hedgedoc pass 11'), before: read() }, 'unknown', 'RECIPE_NEVER_RUN'],
    [
      'no row on a page that never had any, for want of runs',
      { page: pageOf(), before: read() },
      'unknown',
      'RECIPE_NEVER_RUN',
    ],
    [
      'no row, and no run as far as was read',
      { page: pageOf('hedgedoc pass 11'), before: { state: 'read', builds: [] } },
      'unknown',
      'RUN_NOT_REACHED',
    ],
    ['two rows', { page: pageOf('ghost pass 12', 'ghost fail 11') }, 'fail', 'ROW_TWICE'],
    ['two rows that are the same', { page: pageOf('ghost pass 12', 'ghost pass 12') }, 'fail', 'ROW_TWICE'],
    ['no badge', { page: html('<table><tr><td>ghost<td>pass<td>12</table>') }, 'fail', 'BADGE_MISSING'],
    ['an unknown word', { page: pageOf('ghost meh 12') }, 'fail', 'BADGE_UNKNOWN'],
    ['an unknown word, and builds unread', { page: pageOf('ghost meh 12'), before: unread }, 'fail', 'BADGE_UNKNOWN'],
    [
      'a badge without a word',
      { page: html('<table><tr><td>ghost<td><b class="badge"></b><td>12</table>') },
      'fail',
      'BADGE_UNKNOWN',
    ],
    [
      'two badges that differ',
      { page: html('<table><tr><td>ghost<td><b class="badge">pass</b><b class="badge">fail</b><td>12</table>') },
      'unknown',
      'BADGE_AMBIGUOUS',
    ],
    [
      'no place for the number',
      { page: html('<table><tr><td>ghost<td><b class="badge">pass</b></table>') },
      'fail',
      'BUILD_MISSING',
    ],
    ['no number', { page: pageOf('ghost pass none') }, 'fail', 'BUILD_MISSING'],
    ['an older run with the same badge', { page: pageOf('ghost pass 11') }, 'fail', 'RUN_OUTDATED'],
    ['an older run with another badge', { page: pageOf('ghost fail 11') }, 'fail', 'RUN_OUTDATED'],
    ['a run that is none', { page: pageOf('ghost pass 99') }, 'fail', 'BADGE_WRONG'],
    ['the wrong badge without a number', { page: pageOf('ghost fail'), wish: noNumber }, 'fail', 'BADGE_WRONG'],
    [
      'the wrong badge, a lag ago',
      { page: pageOf('ghost running 12'), before: ghostIs('success', secondsBefore(60)) },
      'fail',
      'BADGE_WRONG',
    ],
    [
      'the wrong badge, just now',
      { page: pageOf('ghost running 12'), before: ghostIs('success', secondsBefore(59)) },
      'unknown',
      'DASHBOARD_LAG',
    ],
    [
      'the wrong badge of a build that was only updated just now',
      {
        page: pageOf('ghost running 12'),
        before: read({ ...build(12, 'ghost', 'success'), updated: secondsBefore(5) }),
      },
      'unknown',
      'DASHBOARD_LAG',
    ],
    [
      'the wrong badge of a build from after the page',
      { page: pageOf('ghost running 12'), before: ghostIs('success', secondsBefore(-5)), wish: { lagSeconds: 0 } },
      'unknown',
      'DASHBOARD_LAG',
    ],
    [
      'neither of two readings',
      {
        page: pageOf('ghost fail 12'),
        before: read(build(13, 'ghost', 'running')),
        after: read(build(13, 'ghost', 'success')),
      },
      'unknown',
      'RUN_MOVED',
    ],
    [
      'the badge of one run with the number of the other',
      { page: pageOf('ghost pass 13'), before: passed, after: read(build(13, 'ghost', 'running')) },
      'unknown',
      'RUN_MOVED',
    ],
    [
      'the wrong badge, by one reading only',
      { page: pageOf('ghost fail 12'), after: unread },
      'unknown',
      'BUILDS_UNREAD',
    ],
    ['builds unread', { before: unread }, 'unknown', 'BUILDS_UNREAD'],
    ['a badge of no run at all', { before: read() }, 'unknown', 'RUN_NOT_KNOWN'],
    [
      'a badge of a run from long ago',
      { before: { state: 'read', builds: [build(900, 'x', 'success')], complete: false } },
      'unknown',
      'RUN_NOT_REACHED',
    ],
    ['a run that was skipped', { before: ghostIs('skipped') }, 'unknown', 'RUN_WITHOUT_OUTCOME'],
    [
      'a run that was declined',
      { page: pageOf('ghost fail 12'), before: ghostIs('declined') },
      'unknown',
      'RUN_WITHOUT_OUTCOME',
    ],
    ['a state of the future', { before: ghostIs('constructor') }, 'unknown', 'RUN_WITHOUT_OUTCOME'],
  ])('not a pass: %s', (_, board, verdict, code) => {
    const reasoned = { reason: expect.any(String), remedy: expect.any(String) }
    expect(judgeBoard(board)).toEqual([expect.objectContaining({ subject: 'ghost', verdict, code, ...reasoned })])
  })

  test('the lag is counted by the clock that the page is of', () => {
    const page = pageOf('ghost running 12')
    const board = { before: ghostIs('success', secondsBefore(59)) }
    const later = { ...page, headers: { date: 'Fri, 20 Nov 2026 12:00:30 GMT' } }
    expect(only(judgeBoard({ ...board, page }))).toMatchObject({ verdict: 'unknown' })
    expect(only(judgeBoard({ ...board, page: later }))).toMatchObject({ verdict: 'fail', code: 'BADGE_WRONG' })
  })

  test('what was seen and wanted is told', () => {
    expect(judgeBoard({ page: pageOf('ghost running 11') })).toMatchObject([
      {
        expected: 'one row, with the badge of the last build (#12 success)',
        actual: 'running, build #11',
        reason: 'the CI server says #12 success: the row is of an older run',
      },
    ])
  })
})

describe('a page without a board', () => {
  test.each<readonly [string, Exchange, string, string]>([
    ['of 502', answer('Bad Gateway', { status: 502 }), 'fail', 'HTTP_STATUS'],
    ['that leads to a login', answer('', { status: 302, headers: { location: '/login' } }), 'fail', 'HTTP_STATUS'],
    ['that nobody serves', broken('connect', 'TCP_REFUSED'), 'fail', 'TCP_REFUSED'],
    ['that could not be asked for', broken('proxy', 'SOCKS_TIMEOUT'), 'unknown', 'SOCKS_TIMEOUT'],
    ['with the head of a table', pageOf(), 'fail', 'DASHBOARD_EMPTY'],
    ['without a word', answer(''), 'fail', 'DASHBOARD_EMPTY'],
    ['that a script would draw', html('<div id="root"></div><script>draw()</script>'), 'fail', 'DASHBOARD_EMPTY'],
  ])('%s', (_, page, verdict, code) => {
    expect(judgeBoard({ page })).toMatchObject([{ subject: 'page', verdict, code }])
  })

  test('what it says for itself is quoted', () => {
    const page = html('<p class="notice">The CI server could not be read: HTTP 502</p><table></table>')
    for (const before of [passed, unread]) {
      expect(judgeBoard({ page, before })).toMatchObject([
        { code: 'DASHBOARD_EMPTY', actual: expect.stringContaining('The CI server could not be read: HTTP 502') },
      ])
    }
  })

  test.each(['row', 'recipe', 'badge', 'build'])('a %s selector that is none is unknown, and named', (which) => {
    expect(judgeBoard({ wish: { [which]: 'td[' } })).toMatchObject([
      {
        subject: 'page',
        verdict: 'unknown',
        code: 'PAGE_NOT_TAKEN_APART',
        reason: expect.stringContaining('failed: '),
      },
    ])
  })

  test('where no dashboard is named it does not apply', () => {
    expect(judge(dashboardShowsLatestRuns, undefined, { dashboard: undefined })).toMatchObject([{ verdict: 'n/a' }])
  })
})

describe('a page that is large, or hostile', () => {
  test('200 recipes are judged one by one', () => {
    const recipes = Array.from({ length: 200 }, (_, index) => `recipe-${index}`)
    const before = read(...recipes.map((recipe, index) => build(index + 1, recipe, 'success')))
    const page = pageOf(...recipes.map((recipe, index) => `${recipe} ${index === 77 ? 'fail' : 'pass'} ${index + 1}`))
    const judgements = judgeBoard({ page, before, wish: { recipes } })
    expect(judgements).toHaveLength(200)
    expect(verdictsOf(judgements).filter((line) => !line.endsWith('pass'))).toEqual(['recipe-77: fail'])
  })

  test('of a page that was cut, what is there is judged, and the rest is unknown', () => {
    const page = { ...pageOf('ghost pass 12'), truncated: true }
    const judgements = judgeBoard({ page, wish: { recipes: ['ghost', 'hedgedoc'] } })
    expect(verdictsOf(judgements)).toEqual(['page: unknown', 'ghost: pass', 'hedgedoc: unknown'])
    expect(judgements.map(({ code }) => code)).toEqual(['PAGE_CUT', undefined, 'PAGE_CUT'])
  })

  test('a row beyond the bound of what is taken apart is not missing, but not seen', () => {
    const page = html(`${'<br>'.repeat(20_001)}<table><tr><td>ghost</table>`)
    expect(judgeBoard({ page })).toMatchObject([
      { subject: 'page', verdict: 'unknown', code: 'PAGE_CUT' },
      { subject: 'ghost', verdict: 'unknown', code: 'PAGE_CUT' },
    ])
  })

  test.each([
    ['rows', '<tr>'],
    ['rows with cells', '<tr><td>x'],
    ['cells', '<td>'],
    ['ends of paragraphs', '</p>'],
    ['nesting', '<b>'],
    ['nesting rows', '<div class="row">'],
    ['angle brackets', '<'],
    ['comments', '<!--'],
    ['open quotes', '<td class="'],
    ['entities', '&amp;'],
    ['attributes', '<tr a'],
  ])(
    'a mebibyte of %s is no reason to hang',
    (_, piece) => {
      const page = html(`<table>${piece.repeat(2 ** 20 / piece.length)}`)
      const startedAt = Date.now()
      const judgements: readonly Judgement[] = judgeBoard({ page, wish: { row: 'tr, .row' } })
      expect(Date.now() - startedAt).toBeLessThan(20_000)
      expect(judgements.filter(({ verdict }) => verdict === 'pass')).toEqual([])
    },
    30_000,
  )

  test('deep nesting within a badge does not exhaust the stack', () => {
    const deep = `${'<b>'.repeat(15_000)}pass${'</b>'.repeat(100)}`
    const page = html(`<table><tr><td>ghost<td><i class="badge">${deep}</i></table>`)
    expect(only(judgeBoard({ page, wish: noNumber }))).toMatchObject({ verdict: 'pass' })
  })

  test('what is quoted of a page is bounded, and harmless', () => {
    const page = pageOf(`ghost \u001b]0;x\u0007\u202e${'y'.repeat(100_000)} 12`)
    const { actual, reason } = only(judgeBoard({ page }))
    expect(`${actual}${reason}`.length).toBeLessThan(500)
    expect(`${actual}${reason}`).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})
