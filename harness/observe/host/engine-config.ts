import { engineConfig } from '../../model/facts/engine-config.ts'
import { engineConfigTrial } from '../../model/facts/engine-config-trial.ts'
import type { EngineUnit } from '../../model/facts/engine-unit.ts'
import { engineUnit } from '../../model/facts/engine-unit.ts'
import type { RawCommand } from '../../model/facts/raw-command.ts'
import type { Asker, Question } from '../question.ts'
import { programOf, startsEngine } from './engine-program.ts'

export const engineConfigQuestions: readonly Question[] = [
  {
    fact: engineConfig,
    ask: async (asker) => asker.run(['cat', '--', configFileOf(await asker.read(engineUnit))]),
  },
  {
    fact: engineConfigTrial,
    ask: async (asker) => {
      const config = await asker.read(engineConfig)
      if (config.kind !== 'read') return { help: null, validation: null }
      const unit = await asker.read(engineUnit)
      const program = programOf(unit)
      const help = await run(asker, [program, '--help'])
      // To an engine that does not know it, it might be the order to start.
      if (!/^\s+--validate\b/m.test(help.stdout)) return { help, validation: null }
      const argv = [program, '--validate', ...flagsOf(unit), '--config-file', configFileOf(unit)]
      return { help, validation: await run(asker, argv) }
    },
  },
]

async function run(asker: Asker, argv: readonly string[]): Promise<RawCommand & { command: string }> {
  return { command: argv.join(' '), ...(await asker.run(argv)) }
}

/** systemd shows variables of the environment (`$DOCKER_OPTS`) by their names: what they hold is not known here. */
function flagsOf(unit: EngineUnit): readonly string[] {
  if (!startsEngine(unit)) return []
  const [, ...flags] = unit.argv.filter((word) => !word.startsWith('$'))
  const index = indexOfConfigFile(flags)
  if (index < 0) return flags
  return flags.toSpliced(index, flags[index] === '--config-file' ? 2 : 1)
}

function configFileOf({ argv }: EngineUnit): string {
  const index = indexOfConfigFile(argv)
  const inNext = index < 0 ? undefined : argv[index + 1]
  return argv[index]?.split('=')[1] ?? inNext ?? '/etc/docker/daemon.json'
}

function indexOfConfigFile(argv: readonly string[]): number {
  return argv.findIndex((word) => word === '--config-file' || word.startsWith('--config-file='))
}
