import { plain } from '../../core/text.ts'
import { defineCheck } from '../../model/check.ts'
import { quietSwarm } from '../../model/facts/quiet/swarm.ts'
import type { Service } from '../../model/facts/services.ts'
import { stackOf } from '../removal/stack-of.ts'
import { count, list } from '../say.ts'
import { hostNotQuiet } from './not-quiet.ts'

export const noRunAppIsLive = defineCheck({
  id: 'PV-PRE-004',
  title: 'No app of a CI run is live',
  needs: { swarm: quietSwarm },
  notApplicable: ({ quiet }) => (quiet.runApps.length === 0 ? '`expect.quiet.runApps` names no pattern' : undefined),
  judge: ({ swarm: { services } }, { quiet }) => {
    const patterns = quiet.runApps.map((pattern) => ({ pattern, expression: new RegExp(pattern) }))
    const live = new Map<string, { readonly pattern: string; readonly services: Service[] }>()
    for (const service of services) {
      const stack = stackOf(service)
      const found = [stack, service.Spec.Name].flatMap((name) =>
        patterns.filter(({ expression }) => name !== undefined && expression.test(name)),
      )[0]
      if (found === undefined) continue
      const name = stack ?? service.Spec.Name
      const known = live.get(name)
      if (known === undefined) live.set(name, { pattern: found.pattern, services: [service] })
      else known.services.push(service)
    }
    const expected = 'no stack or service matches `expect.quiet.runApps`'
    if (live.size === 0) {
      return [
        {
          subject: 'run apps',
          expected,
          actual: `${count(services.length, 'service')}, none matches`,
          verdict: 'pass',
        },
      ]
    }
    return [...live].map(([name, { pattern, services }]) => ({
      subject: plain(name, 100),
      expected,
      actual: `matches \`${pattern}\`: ${list(services.map(({ Spec }) => plain(Spec.Name, 100)))}`,
      verdict: 'blocked' as const,
      code: hostNotQuiet,
      reason: 'a CI run is at work, or has left its app behind',
      remedy: `Wait until its run has ended. Of an app that nobody runs any more: \`${services.some((one) => stackOf(one) === name) ? 'pvcheck' : 'docker service'} rm ${plain(name, 100)}\`.`,
    }))
  },
})
