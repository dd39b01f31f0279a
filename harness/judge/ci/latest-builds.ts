import type { Build, BuildsReading } from '../../model/facts/routing/ci.ts'

/** What a run came to, as badges tell it. */
export type Outcome = 'pass' | 'fail' | 'running'

const outcomes: Readonly<Record<string, Outcome>> = {
  success: 'pass',
  failure: 'fail',
  error: 'fail',
  killed: 'fail',
  pending: 'running',
  running: 'running',
  blocked: 'running',
  waiting_on_dependencies: 'running',
}

/** What a badge is to say of a build. Undefined for one that did not run, `skipped` or `declined`, and for words of the future. */
export function outcomeOf({ status }: Build): Outcome | undefined {
  return Object.hasOwn(outcomes, status) ? outcomes[status] : undefined
}

/** The last build of each recipe; undefined where the builds could not be read. */
export function latestBuilds(reading: BuildsReading, recipeParam: string): ReadonlyMap<string, Build> | undefined {
  if (reading.state === 'unread') return undefined
  const latest = new Map<string, Build>()
  for (const build of reading.builds) {
    const recipe = build.params?.[recipeParam]
    if (recipe !== undefined && build.number > (latest.get(recipe)?.number ?? 0)) latest.set(recipe, build)
  }
  return latest
}

/** When it last changed, as far as the CI server tells; milliseconds. */
export function changedAtMs({ created, finished, updated }: Build): number {
  return Math.max(created, finished, updated) * 1000
}

/** `#12 success`. */
export function buildInWords(build: Build | undefined): string {
  return build === undefined ? 'no build' : `#${build.number} ${build.status}`
}
