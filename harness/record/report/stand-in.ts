import { z } from 'zod'
import type { Tally } from './tally.ts'

const label = 'pvcheck.lab.stand-in'
const labelled = z.object({
  Spec: z.object({ Name: z.string(), Labels: z.looseObject({ [label]: z.string() }) }),
})

/** Services that say of themselves that they only stand in for something: what is proven of them is proven of no other. */
export function standInsOf({ observations }: Tally): { readonly service: string; readonly standsFor: string }[] {
  const found = new Map<string, string>()
  for (const { body } of observations) {
    if (!Array.isArray(body.raw)) continue
    for (const item of body.raw) {
      const parsed = labelled.safeParse(item)
      if (parsed.success) found.set(parsed.data.Spec.Name, String(parsed.data.Spec.Labels[label]))
    }
  }
  return [...found]
    .map(([service, standsFor]) => ({ service, standsFor }))
    .sort((a, b) => (a.service < b.service ? -1 : 1))
}
