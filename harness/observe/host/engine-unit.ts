import { engineConfig } from '../../model/facts/engine-config.ts'
import { engineUnit, engineUnitProperties } from '../../model/facts/engine-unit.ts'
import { installedEngine } from '../../model/facts/installed-engine.ts'
import type { Question } from '../question.ts'
import { engineUnitName } from './unit-name.ts'

export const engineUnitQuestions: readonly Question[] = [
  {
    fact: engineUnit,
    ask: async (asker) => {
      const properties = engineUnitProperties.map((name) => `--property=${name}`)
      const what = [...properties, '--', engineUnitName(asker.wanted)]
      const answer = await asker.run(['systemctl', 'show', '--timestamp=us+utc', ...what])
      // systemd before 248 (Debian 11, Ubuntu 20.04) has no such option, and tells whole seconds only.
      if (answer.exitCode === 0 || !answer.stderr.includes('--timestamp')) return answer
      return asker.run(['env', 'TZ=UTC', 'systemctl', 'show', ...what])
    },
  },
  {
    fact: installedEngine,
    ask: async (asker) => {
      const { program = '' } = await asker.read(engineUnit)
      // A unit may start a shell that starts dockerd; then the one in the PATH is the best guess.
      const dockerd = /(^|\/)[^/]*dockerd[^/]*$/.test(program) ? program : 'dockerd'
      return asker.run([dockerd, '--version'])
    },
  },
  {
    fact: engineConfig,
    ask: async (asker) => {
      const { argv } = await asker.read(engineUnit)
      return asker.run(['cat', '--', configFileIn(argv) ?? '/etc/docker/daemon.json'])
    },
  },
]

function configFileIn(argv: readonly string[]): string | undefined {
  const index = argv.findIndex((word) => word === '--config-file' || word.startsWith('--config-file='))
  return argv[index]?.split('=')[1] ?? (index < 0 ? undefined : argv[index + 1])
}
