import type { LabMachine } from '../host/machine.ts'

/** One named way to break a practice host, and to mend it again. Both may be called twice. */
export interface Sabotage {
  readonly name: string
  /** What it does to the host, in one sentence. */
  readonly what: string
  breaks(machine: LabMachine, signal: AbortSignal): Promise<void>
  mends(machine: LabMachine, signal: AbortSignal): Promise<void>
}

export const sabotages: readonly Sabotage[] = []
