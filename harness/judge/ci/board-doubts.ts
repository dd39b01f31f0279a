/** Why nobody can say what a row is to show, or whether it is to be there; in each case the badge may be right. */
export const doubts = {
  cut: {
    verdict: 'unknown',
    code: 'PAGE_CUT',
    reason: 'it may be on the rest of the page',
    remedy: 'See the subject `page` of this check.',
  },
  neverRun: {
    verdict: 'unknown',
    code: 'RECIPE_NEVER_RUN',
    reason: 'the CI server has no build of it either: there is no run to show',
    remedy: 'Run it once, or take it out of `expect.dashboard.recipes`.',
  },
  notReached: {
    verdict: 'unknown',
    code: 'RUN_NOT_REACHED',
    reason: 'its last build lies further back than the builds that were read, or there is none',
    remedy: 'Run it once, or take it out of `expect.dashboard.recipes`.',
  },
  notKnown: {
    verdict: 'unknown',
    code: 'RUN_NOT_KNOWN',
    reason: 'the CI server has no build of it: there is nothing to compare its badge with',
    remedy: 'See whether `expect.ci.recipeParam` is the build parameter that names the recipe; else run it once.',
  },
  unread: {
    verdict: 'unknown',
    code: 'BUILDS_UNREAD',
    remedy: 'See PV-CI-001.',
  },
  moved: {
    verdict: 'unknown',
    code: 'RUN_MOVED',
    reason: 'the CI server said one thing before the page was read and another after it, and the badge is neither',
    remedy: 'Look again when the run has ended.',
  },
  lag: {
    verdict: 'unknown',
    code: 'DASHBOARD_LAG',
    reason: 'its last build is so young that the dashboard may not know of it yet',
    remedy: 'Look again in a minute, or set `lagSeconds` in `expect.dashboard` to what the dashboard needs.',
  },
  noOutcome: {
    verdict: 'unknown',
    code: 'RUN_WITHOUT_OUTCOME',
    reason: 'its last build neither passed nor failed, nor is it under way: what a badge says of it is not defined',
    remedy: 'Run it once more.',
  },
} as const
