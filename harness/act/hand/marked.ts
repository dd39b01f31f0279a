import { labelsOf, type Mark, markOf } from '../../model/mark.ts'
import type { ObjectSpec } from '../../reach/engine/writer.ts'
import { markDenied } from './trouble.ts'

/**
 * The spec of a network, config or secret, with the mark among its labels. Labels that it brings stay, an end of its own
 * included; throws `OWN_MARK_DENIED` where they name another run or owner.
 */
export function marked(spec: ObjectSpec, mark: Mark): ObjectSpec {
  return { ...spec, Labels: withMark(spec['Labels'], mark) }
}

/** The same for a service and its containers, neither of which a proxy is to route to unless their labels say so. */
export function markedService(spec: ObjectSpec, mark: Mark): ObjectSpec {
  const template = objectIn(spec['TaskTemplate'])
  const container = objectIn(template['ContainerSpec'])
  const ContainerSpec = { ...container, Labels: { ...unrouted, ...withMark(container['Labels'], mark) } }
  return {
    ...spec,
    Labels: { ...unrouted, ...withMark(spec['Labels'], mark) },
    TaskTemplate: { ...template, ContainerSpec },
  }
}

const unrouted = { 'traefik.enable': 'false' } as const

function withMark(given: unknown, mark: Mark): ObjectSpec {
  const labels = { ...labelsOf(mark), ...objectIn(given) }
  const read = markOf(labels)
  if (read.kind === 'mark' && read.mark.run === mark.run && read.mark.owner === mark.owner) return labels
  throw markDenied(read.kind === 'mark' ? read.mark : read, mark)
}

function objectIn(value: unknown): ObjectSpec {
  return isObject(value) ? value : {}
}

function isObject(value: unknown): value is ObjectSpec {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
