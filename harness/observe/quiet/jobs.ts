import { jobProperties, quietJobs } from '../../model/facts/quiet/jobs.ts'
import type { Asker, Question } from '../question.ts'
import { together } from '../routes/together.ts'
import { askProcesses } from './processes.ts'

export const jobsQuestion: Question = {
  fact: quietJobs,
  ask: async (asker) => {
    const { units, processes } = asker.wanted.quiet
    const [ofUnits, ofProcesses] = await together([
      units.length === 0 ? Promise.resolve(undefined) : askUnits(asker, units.map(fullName)),
      processes.length === 0 ? Promise.resolve(undefined) : askProcesses(asker, processes),
    ])
    return {
      ...(ofUnits === undefined ? {} : { units: ofUnits }),
      ...(ofProcesses === undefined ? {} : { processes: ofProcesses }),
    }
  },
}

/** `show` knows the aliases of a unit, and takes globs for those that are loaded: none other is active. */
async function askUnits(asker: Asker, asked: readonly string[]) {
  const properties = `--property=${jobProperties.join(',')}`
  return { asked, answer: await asker.run(['systemctl', 'show', properties, '--', ...asked]) }
}

/** A name without a suffix is a service's, a glob included: its timer would always be active. */
function fullName(unit: string): string {
  return unit.includes('.') ? unit : `${unit}.service`
}
