import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type LabEngine, networksSchema, swarmObjectsSchema } from './engine.ts'
import { isOurs } from './leftovers.ts'

/** What is nobody's business of ours: `service traefik_app` and what it is like, in every detail. */
export type Foreign = ReadonlyMap<string, string>

/**
 * All services, networks, configs and secrets that are not ours: ids, versions, specs. An engine that starts again moves
 * versions by itself, and makes its local networks anew: where `restarted` is, both are left out.
 */
export async function lookAtForeign(
  engine: LabEngine,
  { restarted }: { readonly restarted: boolean },
): Promise<Foreign> {
  const seen = new Map<string, string>()
  for (const kind of ['service', 'config', 'secret']) {
    for (const { ID, Version, Spec } of await engine.get(`/${kind}s`, swarmObjectsSchema)) {
      if (isOurs(Spec.Name, Spec.Labels)) continue
      seen.set(`${kind} ${Spec.Name}`, digest({ ID, Spec, ...(restarted ? {} : { Version }) }))
    }
  }
  for (const network of await engine.get('/networks', networksSchema)) {
    if (isOurs(network.Name, network.Labels) || (restarted && network.Scope === 'local')) continue
    // Who is on it at the moment is no part of it.
    const { Containers: _, Peers: __, ...lasting } = network
    seen.set(`network ${network.Name}`, digest(lasting))
  }
  const nodes = z.array(z.looseObject({ ID: z.string(), Spec: z.unknown() }))
  for (const { ID, Spec } of await engine.get('/nodes', nodes)) seen.set(`node ${ID}`, digest(Spec))
  return seen
}

/** What has come, gone or changed. */
export function foreignChanges(before: Foreign, after: Foreign): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    if (!before.has(name)) return [`foreign: ${name} has come`]
    if (!after.has(name)) return [`foreign: ${name} is gone`]
    return before.get(name) === after.get(name) ? [] : [`foreign: ${name} has changed`]
  })
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
