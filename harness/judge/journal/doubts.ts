import { leaderOf, managersOf, nodeNames } from '../managers.ts'
import { deafnessOf } from './deafness.ts'
import { parseDockerdLine } from './dockerd-line.ts'
import { gapsOf } from './gaps.ts'
import type { SignatureFacts } from './journal-facts.ts'
import { linesOfRunning, oldestOwnLine, ownLines, startOf, timeOf } from './own-lines.ts'
import { suppressedOf } from './suppressed.ts'

/** Why the absence of a line proves nothing; empty when it proves that it was not logged. */
export function doubtsOf(facts: SignatureFacts, leaderOnly: boolean): readonly string[] {
  const { unit } = facts
  return [
    ...(oldestOwnLine(facts) === undefined ? ["dockerd's own lines are not in the journal (PV-JRN-001)"] : []),
    ...(deafnessOf(facts) === undefined ? [] : ['lines of dockerd would not come to the journal (PV-JRN-001)']),
    ...(gapsOf(facts).length > 0 ? ['lines of the window are gone (PV-JRN-002)'] : []),
    ...((suppressedOf(facts).get(unit.id) ?? 0) > 0 ? ['journald threw lines away (PV-JRN-004)'] : []),
    ...(leaderOnly ? leaderDoubts(facts) : []),
  ]
}

/** The allocator, and with it the allocator's log, is where the leader is. */
function leaderDoubts(facts: SignatureFacts): string[] {
  const { info, nodes, window, unit } = facts
  const leader = leaderOf(nodes)
  if (leader === undefined) return ['no manager leads']
  if (leader.ID !== info.Swarm.NodeID) {
    return [`only the leading manager logs it, and that is ${nodeNames(nodes)(leader)}, whose journal is out of reach`]
  }
  if (managersOf(nodes).length === 1) return []
  const elections = linesOfRunning(facts).some(({ message }) => tellsElections(message ?? ''))
  if (!elections) return ['who leads since when is logged at level info, and dockerd logged no line of that level']
  const elected = ownLines(window.entries, unit)
    .filter(({ message }) => /\bbecame leader at term\b/.test(parseDockerdLine(message ?? '').message))
    .at(-1)
  const electedLate = elected !== undefined && elected.timeUs > startOf(unit) + 60_000_000
  return electedLate ? [`this node leads since ${timeOf(elected.timeUs)} only; before, another one logged it`] : []
}

function tellsElections(line: string): boolean {
  return ['info', 'debug', 'trace'].includes(parseDockerdLine(line).level)
}
