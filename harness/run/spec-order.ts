import { basename } from 'node:path'

/** What is looked at first keeps what comes later from acting on an unfit host. */
const order: readonly string[] = [
  'host-facts',
  'routing',
  'preflight',
  'real-deploy',
  'allocator-headroom',
  'step0-guard',
]

/** They act on the target, or ask whether one may: never part of a run that only asks. */
const acting: ReadonlySet<string> = new Set(['preflight', 'real-deploy', 'allocator-headroom', 'step0-guard'])

/** Paths of spec files as they are to run; those that the order does not know come last, by name. */
export function inSpecOrder(paths: readonly string[]): readonly string[] {
  return [...paths].sort((a, b) => rankOf(a) - rankOf(b) || (nameOf(a) < nameOf(b) ? -1 : 1))
}

/** Whether a spec file is for runs that may act alone. */
export function isOfActing(path: string): boolean {
  return acting.has(nameOf(path))
}

function rankOf(path: string): number {
  const rank = order.indexOf(nameOf(path))
  return rank < 0 ? order.length : rank
}

function nameOf(path: string): string {
  return basename(path).replace(/\.spec\.[jt]s$/, '')
}
