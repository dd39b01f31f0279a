import { messageOf } from '../../core/errors.ts'
import { plain } from '../../core/text.ts'
import { defineCheck, type Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import { type Board, board } from '../../model/facts/routing/ci.ts'
import type { Exchange } from '../../model/http.ts'
import { count } from '../say.ts'
import { answeredAtMs, inShort, type Said, whyNoAnswer } from './answer.ts'
import { type BoardRow, rowsOf } from './board-rows.ts'
import { judgeRecipe, type Runs } from './judge-recipe.ts'
import { latestBuilds } from './latest-builds.ts'
import { type Page, pageOf, textOf } from './page.ts'

type Dashboard = NonNullable<Expectations['dashboard']>

export const dashboardShowsLatestRuns = defineCheck({
  id: 'PV-CI-002',
  title: "The dashboard shows each enrolled recipe's latest run",
  needs: { board },
  notApplicable: ({ dashboard }) =>
    dashboard === undefined ? 'no dashboard is named in `expect.dashboard`' : undefined,
  judge: ({ board }, { dashboard, ci }) =>
    dashboard === undefined ? [] : judgeBoard(board, dashboard, ci?.recipeParam ?? 'RECIPE'),
})

function judgeBoard(board: Board, dashboard: Dashboard, recipeParam: string): readonly Judgement[] {
  const recipes = [...new Set(dashboard.recipes)]
  const ofPage = (said: Said): readonly Judgement[] => [
    { subject: 'page', expected: `200, with a row for each of ${count(recipes.length, 'recipe')}`, ...said },
  ]
  const none = whyNoAnswer(board.page)
  if (none !== undefined) return ofPage(none)
  let page: Page
  let rows: readonly BoardRow[]
  try {
    page = pageOf(board.page)
    rows = rowsOf(page, dashboard)
  } catch (error) {
    return ofPage(unreadable(board.page, error))
  }
  const runs = runsOf(board, recipeParam)
  const anyRun = recipes.some((recipe) => runs.latest.some((builds) => builds.has(recipe)))
  if (rows.length === 0 && !page.cut && (anyRun || runs.unread !== undefined)) return ofPage(noRows(page, dashboard))

  const ground = { dashboard, cut: page.cut, answeredAtMs: answeredAtMs(board.page), runs }
  const byRecipe = new Map<string, BoardRow[]>()
  for (const row of rows) byRecipe.set(row.recipe, [...(byRecipe.get(row.recipe) ?? []), row])
  return [
    ...(page.cut ? ofPage(cutPage(board.page)) : []),
    ...recipes.map((recipe) => judgeRecipe(recipe, byRecipe.get(recipe) ?? [], ground)),
  ]
}

function runsOf({ before, after }: Board, recipeParam: string): Runs {
  const why = [before, after].flatMap((reading) => (reading.state === 'unread' ? [reading.why] : []))
  return {
    latest: [before, after].flatMap((reading) => latestBuilds(reading, recipeParam) ?? []),
    ...(why[0] === undefined ? {} : { unread: plain(why[0], 300) }),
    complete: [before, after].every((reading) => reading.state === 'read' && reading.complete === true),
  }
}

function noRows(page: Page, { row, recipe }: Dashboard): Said {
  const [body] = page.find('body')
  const said = body === undefined ? '' : textOf(body)
  return {
    actual: `200, and no row (\`${row}\`) that names a recipe (\`${recipe}\`)${said === '' ? '' : `: ${plain(said, 300)}`}`,
    verdict: 'fail',
    code: 'DASHBOARD_EMPTY',
    reason:
      'the dashboard has nothing to show: it could not read the CI server, or the page is another one, or is drawn by a script',
    remedy:
      'See what the page itself says, and the log of its service; if rows are there for a visitor, correct `row` and `recipe` in `expect.dashboard`.',
  }
}

function cutPage(page: Exchange): Said {
  return {
    actual: inShort({ ...page, body: '', truncated: true }),
    verdict: 'unknown',
    code: 'PAGE_CUT',
    reason: 'the page is longer than what is read, or taken apart, of it: what lies beyond was not seen',
    remedy: 'Raise `target.http.maxBodyBytes`; a page of more than 20,000 tags is too long for a board.',
  }
}

function unreadable(page: Exchange, error: unknown): Said {
  return {
    actual: inShort(page),
    verdict: 'unknown',
    code: 'PAGE_NOT_TAKEN_APART',
    reason: `looking for rows failed: ${plain(messageOf(error), 200)}`,
    remedy: 'Correct the CSS selectors in `expect.dashboard`.',
  }
}
