import { quietSweeper } from '../../model/facts/quiet/sweeper.ts'
import type { Question } from '../question.ts'
import { together } from '../routes/together.ts'

export const sweeperQuestion: Question = {
  fact: quietSweeper,
  ask: async (asker) => {
    const [systemd, systemdRun, user, docker] = await together([
      asker.run(['systemctl', 'is-system-running']),
      asker.run(['systemd-run', '--version']),
      asker.run(['id', '-u']),
      asker.run(['docker', 'info', '--format', '{{.Swarm.NodeID}}']),
    ])
    return { systemd, systemdRun, user, docker }
  },
}
