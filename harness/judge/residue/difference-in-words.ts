import { plain } from '../../core/text.ts'
import type { SwarmObject } from '../../model/facts/residue/swarm-object.ts'
import type { Difference } from './differences.ts'
import { nameOfObject } from './say-residue.ts'

/** The engine's clock at the two looks: what leaves no time of its own happened between them. */
export interface Span {
  readonly from: string
  readonly to: string
}

/** What happened to an object, and when. */
export function inWords(difference: Difference, span?: Span): string {
  const between = span === undefined ? '' : ` between ${plain(span.from, 40)} and ${plain(span.to, 40)}`
  switch (difference.kind) {
    case 'created':
      return `created at ${plain(difference.after.createdAt, 40)}`
    case 'removed':
      return `removed${between}`
    case 'recreated': {
      const ids = `${plain(difference.before.id, 12)} is ${plain(difference.after.id, 12)} now`
      return `removed, and created again at ${plain(difference.after.createdAt, 40)}: ${ids}`
    }
    case 'changed': {
      const { before, after, what } = difference
      const versions = after.version === undefined ? '' : `, version ${before.version} to ${after.version}`
      const when = after.updatedAt === undefined ? between : ` at ${whenOf(after)}`
      return `${what.join(' and ')} changed${when}${versions}`
    }
    case 'version': {
      const { before, after } = difference
      return `${nameOfObject(after)} from ${before.version} to ${after.version} at ${whenOf(after)}`
    }
  }
}

function whenOf({ updatedAt }: SwarmObject): string {
  return plain(updatedAt ?? 'an unknown time', 40)
}
