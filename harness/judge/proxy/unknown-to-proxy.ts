import type { Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import type { ProxyService } from '../../model/facts/routing/proxy-api.ts'
import { list } from '../say.ts'
import { withoutProvider } from './api-told.ts'
import type { Ground } from './backend.ts'
import type { Declared } from './labels.ts'
import { missingTasks } from './missing.ts'

/**
 * Services that ask for a place in the proxy, run, and have none. Where the configuration says that this proxy is theirs
 * that is wrong; others may be meant for another proxy.
 */
export function judgeUnknownToProxy(
  known: readonly ProxyService[],
  declared: readonly Declared[],
  ground: Ground,
  { routes, controlPlane }: Expectations,
  expected: string,
): readonly Judgement[] {
  const names = new Set(known.map(({ name }) => withoutProvider(name)))
  const ours = new Set([...routes, ...controlPlane].map(({ service }) => service))
  return declared.flatMap((one): readonly Judgement[] => {
    const tasks = names.has(one.name) ? [] : missingTasks([one], [], ground)
    if (tasks.length === 0) return []
    const isOurs = ours.has(one.service.Spec.Name)
    return [
      {
        subject: one.service.Spec.Name,
        expected,
        actual: `the proxy has no load balancer \`${one.name}\` for ${list(tasks)}`,
        verdict: isOurs ? 'fail' : 'unknown',
        code: 'MISSING_BACKEND',
        reason: isOurs
          ? 'its labels ask for one, and its tasks have run for longer than a refresh'
          : 'its labels ask for one; it may be meant for another proxy (constraints), or the proxy cannot read them',
        remedy:
          "See the proxy's log: it skips a service whose labels it cannot read, or contradict another's, and says so; it also tells there when it does not reach the Engine API.",
      },
    ]
  })
}
