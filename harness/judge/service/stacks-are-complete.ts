import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { services } from '../../model/facts/services.ts'
import { count } from '../say.ts'

const stackLabel = 'com.docker.stack.namespace'

export const stacksAreComplete = defineCheck({
  id: 'PV-SVC-001',
  title: 'Every expected stack is deployed with all of its services',
  needs: { services },
  judge: ({ services }, wanted) => {
    const live = new Map<string, number>()
    for (const { Spec } of services) {
      const stack = Spec.Labels?.[stackLabel]
      if (stack !== undefined) live.set(stack, (live.get(stack) ?? 0) + 1)
    }
    const all =
      [...live]
        .sort()
        .map(([stack, number]) => `${stack} ${number}`)
        .join(', ') || 'none'
    const expected = Object.entries(wanted.stacks)
    if (expected.length === 0) {
      return [
        {
          subject: 'stacks',
          expected: 'not configured',
          actual: all,
          verdict: 'n/a',
          reason: 'no stack is named in `expect.stacks`',
        },
      ]
    }
    const missing = expected.filter(([stack, number]) => (live.get(stack) ?? 0) < number)
    if (missing.length === 0) {
      const said = expected.map(([stack, number]) => `${stack} ${number}`).join(', ')
      return [{ subject: 'stacks', expected: said, actual: all, verdict: 'pass' }]
    }
    return missing.map(
      ([stack, number]): Judgement => ({
        subject: stack,
        expected: count(number, 'service'),
        actual: `${count(live.get(stack) ?? 0, 'service')}; all stacks: ${all}`,
        verdict: 'fail',
        reason: live.has(stack) ? 'part of the stack is missing' : 'the stack is not deployed',
        remedy: `Deploy it again (\`docker stack deploy\`, or the unit that does so on this host), or correct \`expect.stacks.${stack}\`.`,
      }),
    )
  },
})
