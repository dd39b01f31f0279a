import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import type { Build } from '../../model/facts/routing/ci.ts'
import { duration, list } from '../say.ts'
import type { Said } from './answer.ts'
import { doubts } from './board-doubts.ts'
import type { BoardRow } from './board-rows.ts'
import { buildInWords, changedAtMs, type Outcome, outcomeOf } from './latest-builds.ts'

/** The CI server's builds around the moment when the page was read. */
export interface Runs {
  /** The last build of each recipe, by each reading that succeeded. */
  readonly latest: readonly ReadonlyMap<string, Build>[]
  /** Why a reading failed. */
  readonly unread?: string
  /** Each reading reached all builds that there are. */
  readonly complete: boolean
}

export interface Ground {
  readonly dashboard: NonNullable<Expectations['dashboard']>
  /** The page goes on where we stopped. */
  readonly cut: boolean
  readonly answeredAtMs: number
  readonly runs: Runs
}

/** Whether the rows of one recipe are one, and say what the CI server says. */
export function judgeRecipe(recipe: string, rows: readonly BoardRow[], ground: Ground): Judgement {
  const builds = ground.runs.latest.map((latest) => latest.get(recipe))
  const known = [...new Set(builds.map(buildInWords))].join(', then ')
  const expected = `one row, with the badge of the last build${builds.length === 0 ? '' : ` (${known})`}`
  return { subject: recipe, expected, ...judgeRows(rows, builds, ground) }
}

type Builds = readonly (Build | undefined)[]

function judgeRows(rows: readonly BoardRow[], builds: Builds, ground: Ground): Said {
  const [row, ...others] = rows
  if (row === undefined) return judgeMissing(builds, ground)
  if (others.length > 0) {
    return {
      actual: `${rows.length} rows: ${list(rows.map(inWords), 4)}`,
      verdict: 'fail',
      code: 'ROW_TWICE',
      reason: 'only one run can be the latest',
      remedy:
        'The log of the dashboard may say why; if the rows are of other things, narrow `row` in `expect.dashboard`.',
    }
  }
  const [badge, ...more] = row.badges
  const actual = inWords(row)
  if (badge === undefined) {
    return {
      actual,
      verdict: 'fail',
      code: 'BADGE_MISSING',
      reason: `nothing in its row is \`${ground.dashboard.badge}\``,
      remedy: 'See the page; if a badge is there, correct `badge` in `expect.dashboard`.',
    }
  }
  if (more.length > 0) {
    return {
      actual,
      verdict: 'unknown',
      code: 'BADGE_AMBIGUOUS',
      reason: 'its row has several badges, and they do not say the same',
      remedy: 'Narrow `badge` in `expect.dashboard` to that of the whole run.',
    }
  }
  const shown = outcomesOf(badge, ground)
  if (shown.length === 0) {
    return {
      actual,
      verdict: 'fail',
      code: 'BADGE_UNKNOWN',
      reason: `"${plain(badge, 60)}" is none of the words for pass, fail and running`,
      remedy: 'See the page; if this is how the dashboard says it, add the word to `words` in `expect.dashboard`.',
    }
  }
  if (ground.dashboard.build !== undefined && numberOf(row) === undefined) {
    return {
      actual,
      verdict: 'fail',
      code: 'BUILD_MISSING',
      reason: `no number in its row where \`${ground.dashboard.build}\` is to have one`,
      remedy: 'See the page; if the number is there, correct `build` in `expect.dashboard`.',
    }
  }
  return compare(row, shown, builds, ground)
}

function judgeMissing(builds: Builds, { cut, runs, dashboard, answeredAtMs }: Ground): Said {
  const actual = cut ? 'not on the part of the page that was read' : 'no row'
  if (cut) return { ...doubts.cut, actual }
  const built = builds.filter((build) => build !== undefined)
  if (built.length === 0 && runs.unread === undefined) {
    return { ...(runs.complete ? doubts.neverRun : doubts.notReached), actual }
  }
  if (built.some(({ created }) => answeredAtMs - created * 1000 < dashboard.lagSeconds * 1000)) {
    return { ...doubts.lag, actual }
  }
  const alsoUnread =
    runs.unread === undefined ? '' : `; its runs could not all be read from the CI server: ${runs.unread}`
  return {
    actual,
    verdict: 'fail',
    code: 'ROW_MISSING',
    reason: `it is enrolled, and the dashboard does not show it${alsoUnread}`,
    remedy:
      'The log of the dashboard may say why; if it is enrolled no more, take it out of `expect.dashboard.recipes`.',
  }
}

/** Where the CI server's word before the page and after it is not the same, the page may have either. */
function compare(row: BoardRow, shown: readonly Outcome[], builds: Builds, ground: Ground): Said {
  const { runs, dashboard } = ground
  const actual = inWords(row)
  if (builds.length === 0) {
    return {
      ...doubts.unread,
      actual,
      reason: `there is nothing to compare its badge with: ${runs.unread ?? 'not read'}`,
    }
  }
  const built = builds.filter((build) => build !== undefined)
  const number = dashboard.build === undefined ? undefined : numberOf(row)
  const isShown = (build: Build): boolean => {
    const outcome = outcomeOf(build)
    return outcome !== undefined && shown.includes(outcome) && (number === undefined || number === build.number)
  }
  if (built.some(isShown)) return { actual, verdict: 'pass' }
  const [build] = built
  if (build === undefined) return { ...(runs.complete ? doubts.notKnown : doubts.notReached), actual }
  if (runs.unread !== undefined) {
    return { ...doubts.unread, actual, reason: `of two readings of the builds one failed: ${runs.unread}` }
  }
  if (new Set(builds.map(buildInWords)).size > 1) return { ...doubts.moved, actual }
  if (ground.answeredAtMs - changedAtMs(build) < dashboard.lagSeconds * 1000) {
    const agoMs = ground.answeredAtMs - changedAtMs(build)
    const when = agoMs < 0 ? 'after the page was made, by its own clock' : `${duration(agoMs)} before`
    return { ...doubts.lag, actual, reason: `${doubts.lag.reason}: it last changed ${when}` }
  }
  if (outcomeOf(build) === undefined) return { ...doubts.noOutcome, actual }
  const older = number !== undefined && number < build.number
  return {
    actual,
    verdict: 'fail',
    code: older ? 'RUN_OUTDATED' : 'BADGE_WRONG',
    reason: `the CI server says ${buildInWords(build)}${older ? ': the row is of an older run' : ''}`,
    remedy: 'The log of the dashboard may say why it does not follow the CI server; start it anew.',
  }
}

function outcomesOf(badge: string, { dashboard: { words } }: Ground): readonly Outcome[] {
  const says = (outcome: Outcome): boolean => words[outcome].some((word) => word.toLowerCase() === badge)
  return (['pass', 'fail', 'running'] as const).filter(says)
}

/** `#12`, `build 12`. */
function numberOf({ build }: BoardRow): number | undefined {
  const digits = /\d{1,15}/.exec(build ?? '')?.[0]
  return digits === undefined ? undefined : Number(digits)
}

function inWords({ badges, build }: BoardRow): string {
  const said =
    badges.length === 0
      ? 'no badge'
      : list(
          badges.map((badge) => plain(badge, 60) || 'a badge without a word'),
          4,
        )
  return build === undefined ? said : `${said}, build ${plain(build, 40)}`
}
