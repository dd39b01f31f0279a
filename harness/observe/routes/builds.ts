import { z } from 'zod'
import { type Build, type BuildsReading, buildSchema } from '../../model/facts/routing/ci.ts'
import type { Asker } from '../question.ts'
import { readJson, Silence } from './read-json.ts'
import { urlBelow } from './url-below.ts'

const mostPages = 10
/** The most that Drone gives at once; a server may give less. */
const perPage = 100

const page = z.array(buildSchema)

/** The newest builds of the CI server: so many that each enrolled recipe has one, or all that there are. */
export async function readBuilds(asker: Asker): Promise<BuildsReading> {
  const { ci, dashboard } = asker.wanted
  if (ci === undefined) return { state: 'unread', why: '`expect.ci` is not configured' }
  const builds = new Map<number, Build>()
  const hasAll = () => {
    const built = new Set([...builds.values()].map(({ params }) => params?.[ci.recipeParam]))
    return dashboard?.recipes.every((recipe) => built.has(recipe)) ?? true
  }
  try {
    for (let number = 1; number <= mostPages; number++) {
      const url = urlBelow(ci.url, `/api/repos/${ci.repo}/builds`, { page: number, per_page: perPage })
      const found = page.parse(readJson(await asker.http({ url, credentials: ci.credentials }), page))
      // Nothing but an empty page ends the list for certain: what a server takes for a full one is its own affair.
      if (found.length === 0) return read(builds, true)
      const before = builds.size
      for (const build of found) builds.set(build.number, build)
      if (hasAll()) return read(builds, true)
      // A server that does not know pages gives the first one for ever.
      if (builds.size === before) break
    }
    return read(builds, false)
  } catch (error) {
    if (!(error instanceof Silence)) throw error
    return { state: 'unread', why: error.message }
  }
}

function read(builds: ReadonlyMap<number, Build>, complete: boolean): BuildsReading {
  return { state: 'read', builds: [...builds.values()].sort((a, b) => b.number - a.number), complete }
}
