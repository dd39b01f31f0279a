import { plain } from '../../core/text.ts'
import { defineCheck, type Judgement } from '../../model/check.ts'
import { objectsAfter } from '../../model/facts/residue/objects-after.ts'
import { objectsBefore } from '../../model/facts/residue/objects-before.ts'
import type { SwarmObject } from '../../model/facts/residue/swarm-object.ts'
import { runDeeds } from '../../model/facts/run-deeds.ts'
import { count, list } from '../say.ts'
import { isNamed, objectsOf, saysOurs } from './belongings.ts'
import { inWords, type Span } from './difference-in-words.ts'
import { compare, type Difference } from './differences.ts'
import { type Fault, faultOf } from './fault-of.ts'
import { nameOfObject } from './say-residue.ts'

const expected = 'as it was before the run'

export const nothingElseChanged = defineCheck({
  id: 'PV-RES-004',
  title: 'Nothing but what the run created was changed by it',
  needs: { deeds: runDeeds, before: objectsBefore, after: objectsAfter },
  judge: ({ deeds, before, after }, { sharedNetwork }) => {
    const isForeign = (object: SwarmObject): boolean => !saysOurs(deeds, object)
    const were = before.objects.filter(isForeign)
    const known = new Set(were.map(({ id }) => id))
    // What is new and named by an intent is left over from the run; what was there before stays somebody else's, even
    // where it carries the run's label now.
    const are = after.objects.filter((object) => known.has(object.id) || (isForeign(object) && !isNamed(deeds, object)))
    const shared = were.find(({ kind, name }) => kind === 'network' && name === sharedNetwork.name)
    const span = { from: before.engine.SystemTime, to: after.engine.SystemTime }
    const judged = compare(were, are).map((difference) => ({ difference, fault: faultOf(difference, deeds, shared) }))
    const isMere = ({ difference, fault }: (typeof judged)[number]) =>
      difference.kind === 'version' && fault === undefined
    const ours = new Set([...deeds.deeds.flatMap(({ id }) => id ?? []), ...objectsOf(deeds, after).map(({ id }) => id)])
    const users = are.filter((object) => isForeign(object) && object.uses.some((id) => ours.has(id)))
    const changed = new Set(judged.flatMap(({ difference }) => difference.before?.id ?? []))
    const same = were.filter(({ id }) => !changed.has(id))
    return [
      unchanged(same, after.settled),
      ...moved(judged.filter(isMere).map(({ difference }) => difference)),
      ...judged.flatMap((one) => (isMere(one) ? [] : [ofDifference(one.difference, one.fault, span)])),
      ...users.map((user) => ofUser(user, ours, after.objects)),
    ]
  },
})

function unchanged(same: readonly SwarmObject[], settled: boolean): Judgement {
  const of = (kind: string) => count(same.filter((object) => object.kind === kind).length, kind)
  const kinds = `${of('service')}, ${of('network')}, ${of('config')}, ${of('secret')}`
  return {
    ...{ subject: 'foreign objects', expected, verdict: 'pass' },
    actual: `${count(same.length, 'foreign object')} unchanged: ${kinds}`,
    ...(settled ? {} : { reason: 'somebody else was at work: no two looks in a row found the same' }),
  }
}

/** Versions alone move in many objects at once: a dockerd that starts again moves that of every service with ports. */
function moved(differences: readonly Difference[]): readonly Judgement[] {
  const each = differences.map((difference) => inWords(difference))
  if (each.length === 0) return []
  const actual = `${count(each.length, 'version')} moved, what is wanted is the same: ${list(each, 40)}`
  return [{ subject: 'versions', expected, actual, verdict: 'pass', reason: movedByItself }]
}

const movedByItself =
  'by the Swarm itself (an update makes progress, dockerd started again), or by somebody else who changed nothing, or only values that evidence hides: no intent of the run is about it'

function ofDifference(difference: Difference, fault: Fault | undefined, span: Span): Judgement {
  const object = difference.before ?? difference.after
  const finding = { subject: nameOfObject(object), expected, actual: inWords(difference, span) }
  if (fault !== undefined) return { ...finding, verdict: 'fail', ...fault }
  return { ...finding, verdict: 'pass', reason: "somebody else's doing: no intent of the run is about it" }
}

function ofUser(user: SwarmObject, ours: ReadonlySet<string>, objects: readonly SwarmObject[]): Judgement {
  const used = user.uses.filter((id) => ours.has(id))
  const names = used.map((id) => {
    const object = objects.find((other) => other.id === id)
    return object === undefined ? `${plain(id, 40)}, which is gone` : nameOfObject(object)
  })
  return {
    ...{ subject: nameOfObject(user), expected: 'to use nothing that the run created', verdict: 'fail' },
    actual: `uses ${list(names)}`,
    code: 'RESIDUE_IN_USE',
    reason: 'somebody else came to depend on what the run created, and must remove again',
    remedy: `Take it out of the ${user.kind} (\`docker service update\`), then run \`pvcheck sweep\`.`,
  }
}
