import { z } from 'zod'
import type { StackPlan } from '../../judge/removal/plan.ts'
import { stackLabel } from '../../judge/removal/stack-of.ts'
import { messageIn } from '../../reach/engine/body.ts'
import type { Work } from './hands.ts'
import { cannotLook } from './look.ts'
import { waitUntil } from './wait.ts'

/** The endpoints of a network on the node that was asked; those of other nodes are not to be seen from here. */
const inspected = z.object({ Containers: z.record(z.string(), z.object({ Name: z.string().default('') })).nullish() })

/** Waits until no container of the stack's services is on any of its networks any more, as far as this engine can see. */
export async function waitForEndpoints(plan: StackPlan, work: Work): Promise<void> {
  await waitUntil(
    `the containers of ${plan.name} to leave their networks`,
    work.deadlines.objectsMs,
    work,
    async (signal) => {
      const strays = await strayContainers(plan, work, signal)
      const isOurs = (name: string): boolean =>
        plan.services.some((service) => name.startsWith(`${service.name}.`)) || strays.has(name)
      const left: string[] = []
      for (const id of plan.networkIds) {
        const { what, status, body } = await work.reader.network(id, { signal })
        // The network itself is gone, and with it all that was on it; any other 404 is about something else.
        if (status === 404 && JSON.stringify(body).includes(id)) continue
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

const container = z.object({ Names: z.array(z.string()).nullish() })

/** The containers of the stack, by name, whose service is gone: then no service's name tells which endpoints are theirs. */
async function strayContainers(plan: StackPlan, work: Work, signal: AbortSignal): Promise<ReadonlySet<string>> {
  if (plan.strayTasks.length === 0 && plan.services.length > 0) return new Set()
  const filters = { label: [`${stackLabel}=${plan.name}`] }
  const { what, status, body } = await work.reader.containers({ all: true, filters, signal })
  const parsed = z.array(container).safeParse(body)
  if (status !== 200 || !parsed.success) throw cannotLook(`${what} was answered with ${status}: ${messageIn(body)}`)
  return new Set(parsed.data.flatMap(({ Names }) => (Names ?? []).map((name) => name.replace(/^\//, ''))))
}
