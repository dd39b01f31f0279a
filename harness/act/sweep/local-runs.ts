import { stat } from 'node:fs/promises'
import { PvcheckError } from '../../core/errors.ts'
import { systemCode } from '../../core/file.ts'
import { isMissing } from '../life/settle-run.ts'
import { isRunnerGone, listRuns, type OpenIntent, readIntents } from '../mark/read-intents.ts'

/** What this machine's own files tell of one run on the Swarm in question. */
export interface LocalRun {
  readonly run: string
  readonly owner: string
  readonly open: readonly OpenIntent[]
  /** `gone`: nobody acts for it any more. `old`: nothing was written for a day, and nobody can tell where it ran. */
  readonly state: 'gone' | 'old' | 'maybe live'
}

/** A process that nobody can look for (before a restart of its machine, say) and that wrote nothing for so long is over. */
const oldMs = 24 * 60 * 60_000

/** The runs of this machine on that Swarm, and why a file of one says nothing. Files of other Swarms are not looked into. */
export async function readLocalRuns(
  stateDir: string,
  cluster: string,
): Promise<{ readonly runs: readonly LocalRun[]; readonly doubtful: readonly string[] }> {
  const runs: LocalRun[] = []
  const doubtful: string[] = []
  for (const run of await listRuns(stateDir)) {
    try {
      const read = await readIntents(stateDir, run)
      if (read.header?.cluster !== cluster) continue
      const fate = await isRunnerGone(read)
      const { mtimeMs } = await stat(read.path)
      const isOld = fate === 'elsewhere' && Date.now() - mtimeMs > oldMs
      const state = fate === 'gone' ? 'gone' : isOld ? 'old' : 'maybe live'
      runs.push({ run, owner: read.header.owner, open: read.open, state })
    } catch (error) {
      // Somebody else who sweeps has removed it meanwhile.
      if (isMissing(error) || systemCode(error) === 'ENOENT') continue
      if (!(error instanceof PvcheckError)) throw error
      doubtful.push(`file of the run ${run}: ${error.seen}`)
    }
  }
  return { runs, doubtful }
}
