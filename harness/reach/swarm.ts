import { z } from 'zod'
import { PvcheckError } from '../core/errors.ts'
import type { EngineAnswer } from './engine/reader.ts'
import { oneLine } from './excerpt.ts'

const infoSchema = z.object({
  Swarm: z.object({
    NodeID: z.string(),
    LocalNodeState: z.string(),
    ControlAvailable: z.boolean(),
    Error: z.string().default(''),
    RemoteManagers: z.array(z.object({ Addr: z.string() })).nullish(),
    Cluster: z.object({ ID: z.string() }).nullish(),
  }),
})

const nodesSchema = z.array(z.object({ ManagerStatus: z.object({ Reachability: z.string() }).nullish() }))

/** Which Swarm an engine manages, and as which node, from its `/info`. Throws where it manages none that has a leader. */
export function managedSwarm(answer: EngineAnswer, label: string): { cluster: string; node: string } {
  const parsed = infoSchema.safeParse(answer.body)
  if (answer.status !== 200 || !parsed.success) {
    throw blocked('REACH_INFO_UNREADABLE', {
      seen: `${answer.what} at ${label} was answered with ${answer.status}, without the state of a Swarm`,
      wanted: "the engine's own description of itself",
      remedy: 'If a proxy stands before the socket, let it pass `/info`; else look at the log of dockerd.',
    })
  }
  const { LocalNodeState: state, ControlAvailable, Cluster, NodeID, RemoteManagers, Error: said } = parsed.data.Swarm
  // A manager that has just started without a leader calls itself `pending`, one that had one before `active`.
  if (/does not have a leader/.test(said)) throw noLeader(label, said)
  if (state !== 'active') throw notActive(state, label, said)
  if (!ControlAvailable) {
    const managers = (RemoteManagers ?? []).map(({ Addr }) => oneLine(Addr)).join(', ')
    throw blocked('REACH_NOT_MANAGER', {
      seen: `the engine at ${label} is a worker of its Swarm`,
      wanted: 'a manager: only managers know services, tasks and networks of the Swarm',
      remedy: `Point \`target.engine\` at a manager${managers === '' ? '' : `; this worker knows ${managers}`}.`,
    })
  }
  if (Cluster === undefined || Cluster === null || Cluster.ID === '') throw noLeader(label, said)
  return { cluster: Cluster.ID, node: NodeID }
}

/** A leader that has lost its fellow managers still answers, from memory; it can change nothing, and does not say so. */
export function proveQuorum(answer: EngineAnswer, label: string): void {
  const parsed = nodesSchema.safeParse(answer.body)
  if (answer.status !== 200 || !parsed.success) throw noLeader(label, saidBy(answer.body))
  const managers = parsed.data.flatMap(({ ManagerStatus }) => (ManagerStatus ? [ManagerStatus.Reachability] : []))
  const reachable = managers.filter((reachability) => reachability === 'reachable')
  if (reachable.length * 2 > managers.length) return
  throw noLeader(label, `${reachable.length} of ${managers.length} managers are reachable`)
}

function saidBy(body: unknown): string {
  return z.object({ message: z.string() }).safeParse(body).data?.message ?? ''
}

function noLeader(label: string, said: string): PvcheckError {
  return blocked('REACH_NO_LEADER', {
    seen: `the Swarm of the manager at ${label} has no leader that can act${said === '' ? '' : `: ${oneLine(said)}`}`,
    wanted: 'a Swarm with a leader, and more than half of its managers within its reach',
    remedy:
      'Bring the missing managers back, or their network; `docker node ls` on another manager shows which. A manager that has just started needs a moment.',
  })
}

function notActive(state: string, label: string, said: string): PvcheckError {
  const because = said === '' ? '' : `: ${oneLine(said)}`
  if (state === 'locked') {
    return blocked('REACH_SWARM_LOCKED', {
      seen: `the Swarm of the engine at ${label} is locked`,
      wanted: 'a manager that is unlocked',
      remedy: 'Run `docker swarm unlock` on the host, with the unlock key.',
    })
  }
  if (state === 'inactive') {
    return blocked('REACH_NOT_IN_SWARM', {
      seen: `the engine at ${label} is not in a Swarm`,
      wanted: 'a manager of the Swarm that is to be verified',
      remedy: 'Point `target.engine` at a manager (`docker node ls` works there).',
    })
  }
  return blocked('REACH_SWARM_NOT_READY', {
    seen: `the engine at ${label} is in the Swarm state \`${oneLine(state)}\`${because}`,
    wanted: 'the Swarm state `active`',
    remedy: 'See `docker info` and the log of dockerd on the host; a node that is still joining needs a moment.',
  })
}

function blocked(code: string, problem: { seen: string; wanted: string; remedy: string }): PvcheckError {
  return new PvcheckError({ code, ...problem, exit: 'blocked' })
}
