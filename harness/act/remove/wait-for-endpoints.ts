import { z } from 'zod'
import type { StackPlan } from '../../judge/removal/plan.ts'
import { messageIn } from '../../reach/engine/body.ts'
import type { Work } from './hands.ts'
import { cannotLook } from './look.ts'
import { waitUntil } from './wait.ts'

/** The endpoints of a network on the node that was asked; those of other nodes are not to be seen from here. */
const inspected = z.object({ Containers: z.record(z.string(), z.object({ Name: z.string().default('') })).nullish() })

/** Waits until no container of the stack's services is on any of its networks any more, as far as this engine can see. */
export async function waitForEndpoints(plan: StackPlan, work: Work): Promise<void> {
  const isOurs = (name: string): boolean => plan.services.some((service) => name.startsWith(`${service.name}.`))
  await waitUntil(
    `the containers of ${plan.name} to leave their networks`,
    work.deadlines.objectsMs,
    work,
    async (signal) => {
      const left: string[] = []
      for (const id of plan.networkIds) {
        const { what, status, body } = await work.reader.network(id, { signal })
        // The network itself is gone, and with it all that was on it.
        if (status === 404) continue
        const parsed = inspected.safeParse(body)
        if (status !== 200 || !parsed.success)
          throw cannotLook(`${what} was answered with ${status}: ${messageIn(body)}`)
        left.push(...Object.values(parsed.data.Containers ?? {}).flatMap(({ Name }) => (isOurs(Name) ? [Name] : [])))
      }
      return left.length === 0
        ? { done: true, value: undefined }
        : { done: false, state: `waits for the endpoints of ${[...new Set(left)].join(', ')}` }
    },
  )
}
