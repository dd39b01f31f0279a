import { z } from 'zod'
import { markOf } from '../../model/mark.ts'
import type { AskOptions, EngineReader } from '../../reach/engine/reader.ts'
import type { CreatedKind } from '../mark/intent-line.ts'
import { cannotFind } from './careful-trouble.ts'

const labels = z.unknown().optional()
const named = z.object({ Name: z.string(), Labels: labels })
/** Networks have it all in other places than the rest. */
const schema = z.array(
  z.union([
    z.object({ ID: z.string(), Spec: named }).transform(({ ID, Spec }) => ({ id: ID, ...Spec })),
    named.extend({ Id: z.string() }).transform(({ Id, Name, Labels }) => ({ id: Id, Name, Labels })),
  ]),
)

/** The id of what the run has created by that name; none where the Swarm has nothing of the run's by it. */
export async function findCreated(
  reader: Pick<EngineReader, 'services' | 'networks' | 'configs' | 'secrets'>,
  { kind, name, run }: { readonly kind: CreatedKind; readonly name: string; readonly run: string },
  options?: AskOptions,
): Promise<string | undefined> {
  // The filter is for parts of names.
  const answer = await reader[`${kind}s`]({ ...options, filters: { name: [name] } })
  const list = answer.status === 200 ? schema.safeParse(answer.body ?? []).data : undefined
  if (list === undefined) throw cannotFind(kind, name, answer)
  const found = list.find((object) => {
    const reading = markOf(object.Labels)
    return object.Name === name && reading.kind === 'mark' && reading.mark.run === run
  })
  return found?.id
}
