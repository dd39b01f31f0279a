import type { EngineUnit } from '../../model/facts/engine-unit.ts'

/** Whether the unit starts dockerd itself, and not a shell or a launcher that starts it. */
export function startsEngine({ program = '' }: EngineUnit): boolean {
  return /(^|\/)[^/]*dockerd[^/]*$/.test(program)
}

/** The dockerd that the unit starts. Behind a shell the one in the PATH is the best guess. */
export function programOf(unit: EngineUnit): string {
  return startsEngine(unit) && unit.program !== undefined ? unit.program : 'dockerd'
}
