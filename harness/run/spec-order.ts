import { basename } from 'node:path'

/** What is looked at first keeps what comes later from acting on an unfit host. */
const order: readonly string[] = ['host-facts', 'routing', 'real-deploy', 'allocator-headroom', 'step0-guard']

/** Paths of spec files as they are to run; those that the order does not know come last, by name. */
export function inSpecOrder(paths: readonly string[]): readonly string[] {
  return [...paths].sort((a, b) => rankOf(a) - rankOf(b) || (nameOf(a) < nameOf(b) ? -1 : 1))
}

function rankOf(path: string): number {
  const rank = order.indexOf(nameOf(path))
  return rank < 0 ? order.length : rank
}

function nameOf(path: string): string {
  return basename(path).replace(/\.spec\.[jt]s$/, '')
}
