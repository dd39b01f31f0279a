import { plain } from '../../core/text.ts'
import { defineCheck } from '../../model/check.ts'
import { quietSwarm } from '../../model/facts/quiet/swarm.ts'
import type { QuietSweeper } from '../../model/facts/quiet/sweeper.ts'
import { quietSweeper } from '../../model/facts/quiet/sweeper.ts'
import { saidBy } from '../../model/facts/raw-command.ts'
import { list } from '../say.ts'

/** In the others a unit that is started now is not sure to be run: the machine is going down, say. */
const up = new Set(['running', 'degraded', 'starting'])

export const hostCanSweep = defineCheck({
  id: 'PV-PRE-011',
  title: 'The manager can remove by itself what a run leaves behind',
  needs: { sweeper: quietSweeper, swarm: quietSwarm },
  notApplicable: ({ throwaway }) =>
    throwaway.hostSweeps
      ? undefined
      : '`expect.throwaway.hostSweeps` is false: where the machine that runs pvcheck is gone for good, what is left stays until the next run, or `pvcheck sweep`',
  judge: ({ sweeper, swarm: { info } }) => {
    const subject = plain(info.Name, 100)
    const expected = 'systemd runs, root may start transient units, and the docker CLI talks to this engine'
    const faults = faultsOf(sweeper, info.Swarm.NodeID)
    if (faults.length === 0) return [{ subject, expected, actual: 'all of that', verdict: 'pass' }]
    return [
      {
        subject,
        expected,
        actual: list(faults),
        verdict: 'blocked',
        code: 'HOST_CANNOT_SWEEP',
        reason: 'where the machine that runs pvcheck is gone for good, nobody would remove what it created',
        remedy:
          'Let pvcheck log in as root, with the docker CLI in the PATH there; or set `expect.throwaway.hostSweeps: false`, and run `pvcheck sweep` yourself after an accident.',
      },
    ]
  },
})

function faultsOf({ systemd, systemdRun, user, docker }: QuietSweeper, nodeId: string): readonly string[] {
  const state = systemd.stdout.trim()
  const id = user.stdout.trim()
  const node = docker.stdout.trim()
  return [
    up.has(state) ? '' : `systemd: ${plain(state === '' ? saidBy(systemd) : state, 200)}`,
    systemdRun.exitCode === 0 ? '' : `systemd-run: ${plain(saidBy(systemdRun), 200)}`,
    id === '0' ? '' : `commands run as user ${plain(id || saidBy(user), 100)}`,
    docker.exitCode === 0 ? '' : `docker: ${plain(saidBy(docker), 200)}`,
    docker.exitCode !== 0 || node === nodeId
      ? ''
      : `docker talks to another engine: node ${plain(node || 'of no Swarm', 60)}`,
  ].filter((fault) => fault !== '')
}
