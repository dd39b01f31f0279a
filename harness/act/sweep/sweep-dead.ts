import type { Connection } from '../../reach/target.ts'
import type { SweepReport } from './report.ts'

export interface SweepDeadOptions {
  readonly stateDir: string
  readonly signal: AbortSignal
  readonly onProgress: (what: string) => void
  /** Only looks: what would be swept is `swept`, and nothing is changed. */
  readonly isDry?: boolean
}

/** Sweeps every run that is certainly over. Where there is none, it changes nothing and asks for no change. */
export async function sweepDead(_connection: Connection, _options: SweepDeadOptions): Promise<SweepReport> {
  return { swept: [], live: [], left: [], doubtful: [] }
}
