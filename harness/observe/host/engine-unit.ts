import { engineUnit, engineUnitProperties } from '../../model/facts/engine-unit.ts'
import { installedEngine } from '../../model/facts/installed-engine.ts'
import type { Question } from '../question.ts'
import { programOf } from './engine-program.ts'
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
      const program = programOf(await asker.read(engineUnit))
      return { ...(await asker.run([program, '--version'])), program }
    },
  },
]
