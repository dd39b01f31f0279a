import type { Service } from '../../model/facts/services.ts'
import { freePorts, takenPorts } from '../preflight/free-ports.ts'

interface Range {
  readonly from: number
  readonly to: number
}

/** How many ports of the range no service publishes. */
export function countFreePorts(range: Range, services: readonly Service[]): number {
  return freePorts(range, takenPorts(services), range.to - range.from + 1).length
}
