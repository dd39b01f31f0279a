import type { SwarmObject } from '../../model/facts/residue/swarm-object.ts'
import { markLabels } from '../../model/mark.ts'

export type Difference =
  | { readonly kind: 'created'; readonly before?: undefined; readonly after: SwarmObject }
  | { readonly kind: 'removed'; readonly before: SwarmObject; readonly after?: undefined }
  /** Another object of the same kind has its name now. */
  | { readonly kind: 'recreated'; readonly before: SwarmObject; readonly after: SwarmObject }
  | {
      readonly kind: 'changed'
      readonly before: SwarmObject
      readonly after: SwarmObject
      readonly what: readonly string[]
    }
  /** Nothing that anybody wanted of it has changed. */
  | { readonly kind: 'version'; readonly before: SwarmObject; readonly after: SwarmObject }

/** What has become of the objects, each named once; what is the same is not in it. */
export function compare(were: readonly SwarmObject[], are: readonly SwarmObject[]): readonly Difference[] {
  const now = new Map(are.map((object) => [object.id, object]))
  const known = new Set(were.map(({ id }) => id))
  const created = are.filter(({ id }) => !known.has(id))
  const paired = new Set<SwarmObject>()
  const ofBefore = were.flatMap((before): readonly Difference[] => {
    const after = now.get(before.id)
    if (after !== undefined) return ofSame(before, after)
    const again = created.find((o) => o.kind === before.kind && o.name === before.name && !paired.has(o))
    if (again === undefined) return [{ kind: 'removed', before }]
    paired.add(again)
    return [{ kind: 'recreated', before, after: again }]
  })
  const fresh = created.filter((object) => !paired.has(object))
  return [...ofBefore, ...fresh.map((after) => ({ kind: 'created', after }) as const)]
}

function ofSame(before: SwarmObject, after: SwarmObject): readonly Difference[] {
  if (before.digest !== after.digest) return [{ kind: 'changed', before, after, what: whatChanged(before, after) }]
  return before.version === after.version ? [] : [{ kind: 'version', before, after }]
}

function whatChanged(before: SwarmObject, after: SwarmObject): readonly string[] {
  const labels = new Set([...Object.keys(before.labels), ...Object.keys(after.labels)])
  const changed = [...labels].filter((name) => before.labels[name] !== after.labels[name])
  const marks = changed.filter((name) => Object.values<string>(markLabels).includes(name))
  if (marks.length > 0) return [`its ${marks.join(', ')}`]
  const isNameChanged = before.name !== after.name
  return [
    ...(isNameChanged ? ['its name'] : []),
    changed.length > 0 ? `its spec (${changed.length} of its labels)` : 'its spec',
  ]
}
