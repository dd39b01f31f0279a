import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import type { QuietBuilds } from '../../model/facts/quiet/builds.ts'
import { quietBuilds } from '../../model/facts/quiet/builds.ts'
import type { Build } from '../../model/facts/routing/ci.ts'
import { count, duration, list } from '../say.ts'
import { hostNotQuiet } from './not-quiet.ts'

const expected = 'no build is pending, running, blocked or waiting'

/** One that waits for an approval may be started by anybody at any moment. */
const active = new Set(['pending', 'running', 'blocked', 'waiting_on_dependencies'])

export const noBuildIsActive = defineCheck({
  id: 'PV-PRE-003',
  title: 'No build of the CI server is active',
  needs: { builds: quietBuilds },
  notApplicable: ({ quiet, ci }) => {
    if (!quiet.builds) return '`expect.quiet.builds` is false'
    return ci === undefined ? '`expect.ci` is not configured' : undefined
  },
  judge: ({ builds: seen }, { ci }) => {
    const subject = ci?.repo ?? 'builds'
    if (seen.builds.state === 'unread') {
      return [
        {
          subject,
          expected,
          actual: plain(seen.builds.why),
          verdict: 'unknown',
          reason: 'the CI server did not list its builds',
          remedy: 'See PV-CI-001, which looks closer at the CI server.',
        },
      ]
    }
    const own = seen.builds.builds
    return [judgeRepo(subject, own, seen), ...judgeOthers(subject, seen)]
  },
})

function judgeRepo(subject: string, builds: readonly Build[], seen: QuietBuilds): Judgement {
  const found = builds.filter(({ status }) => active.has(status))
  if (found.length > 0) return busy(subject, found, seen)
  const newest = builds[0]
  const last = newest === undefined ? 'no build at all' : `the newest is #${newest.number}, ${plain(newest.status, 40)}`
  return {
    subject,
    expected,
    actual: `${count(builds.length, 'build')} looked at; ${last}${scopeOf(seen)}`,
    verdict: 'pass',
  }
}

function judgeOthers(own: string, { others, ...seen }: QuietBuilds): readonly Judgement[] {
  if (others?.state !== 'read') return []
  return others.repos.flatMap(({ slug, build }) =>
    slug === own || build === null || build === undefined || !active.has(build.status)
      ? []
      : [busy(plain(slug, 100), [build], seen)],
  )
}

function busy(subject: string, builds: readonly Build[], { askedAt }: QuietBuilds): Judgement {
  const say = ({ number, status, created }: Build): string =>
    `#${number} ${status}${created > 0 ? `, ${duration(Date.parse(askedAt) - created * 1000)} old` : ''}`
  return {
    subject,
    expected,
    actual: list(builds.map(say)),
    verdict: 'blocked',
    code: hostNotQuiet,
    reason: 'a build deploys and removes stacks of its own on this Swarm',
    remedy: 'Wait until it has ended, or cancel it, and remove by hand what a cancelled build leaves behind.',
  }
}

/** What was not looked at, so that nobody takes it for quiet. */
function scopeOf({ others }: QuietBuilds): string {
  if (others === undefined) return '; other repositories are not seen without a token'
  return others.state === 'read'
    ? `; ${count(others.repos.length, 'repository', 'repositories')} of the token's owner`
    : '; other repositories were not told'
}
