import { expect, test } from 'vitest'
import { PvcheckError } from '../core/errors.ts'
import type { EngineAnswer } from './engine/reader.ts'
import { managedSwarm, proveQuorum } from './swarm.ts'

const label = 'unix:///var/run/docker.sock'

function answer(body: unknown, status = 200): EngineAnswer {
  return { what: 'GET /v1.41/info', startedAt: '', durationMs: 1, status, body }
}

function info(swarm: object): EngineAnswer {
  return answer({ Swarm: { NodeID: 'n1', LocalNodeState: 'active', ControlAvailable: true, Error: '', ...swarm } })
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof PvcheckError) return error.code
    throw error
  }
  return 'none'
}

test('a manager knows its Swarm and its own node', () => {
  expect(managedSwarm(info({ Cluster: { ID: 'c1' } }), label)).toEqual({ cluster: 'c1', node: 'n1' })
})

const leaderless = 'rpc error: code = Unknown desc = The swarm does not have a leader. It is possible that too few ...'

test.each([
  ['no Swarm', { LocalNodeState: 'inactive', ControlAvailable: false, RemoteManagers: null }, 'REACH_NOT_IN_SWARM'],
  ['a locked Swarm', { LocalNodeState: 'locked', ControlAvailable: false }, 'REACH_SWARM_LOCKED'],
  ['a node that joins', { LocalNodeState: 'pending', ControlAvailable: false }, 'REACH_SWARM_NOT_READY'],
  ['a node in trouble', { LocalNodeState: 'error', Error: 'certificate expired' }, 'REACH_SWARM_NOT_READY'],
  ['a worker', { ControlAvailable: false }, 'REACH_NOT_MANAGER'],
  ['a manager that lost its leader', { Error: leaderless, Cluster: { ID: '' } }, 'REACH_NO_LEADER'],
  ['a manager that never saw one', { LocalNodeState: 'pending', Error: leaderless }, 'REACH_NO_LEADER'],
  ['a manager that knows no cluster', { Cluster: null }, 'REACH_NO_LEADER'],
])('%s is told apart', (_title, swarm, code) => {
  expect(codeOf(() => managedSwarm(info(swarm), label))).toBe(code)
})

test('an answer that does not describe an engine is told apart', () => {
  expect(codeOf(() => managedSwarm(answer('forbidden', 403), label))).toBe('REACH_INFO_UNREADABLE')
})

const manager = (Reachability: string) => ({ ManagerStatus: { Reachability } })

test.each([
  ['a manager alone', [manager('reachable'), {}], 'none'],
  ['two of three', [manager('reachable'), manager('reachable'), manager('unreachable')], 'none'],
  ['one of two', [manager('reachable'), manager('unreachable')], 'REACH_NO_LEADER'],
  ['one of three', [manager('reachable'), manager('unreachable'), manager('unreachable')], 'REACH_NO_LEADER'],
])('%s within reach is judged as raft does', (_title, nodes, code) => {
  expect(codeOf(() => proveQuorum(answer(nodes), label))).toBe(code)
})

test('nodes that cannot be listed mean no leader, in the words of the engine', () => {
  expect(() => proveQuorum(answer({ message: leaderless }, 503), label)).toThrow('does not have a leader')
})
