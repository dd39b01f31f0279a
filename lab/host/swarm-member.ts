import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { messageOf, PvcheckError } from '../../harness/core/errors.ts'

/** Where an engine of this machine may be found. */
export interface MachineEngine {
  readonly sockets: readonly string[]
  /** The Swarm state of an engine that is stopped. */
  readonly swarmFolder: string
}

const machineEngine: MachineEngine = {
  sockets: ['/var/run/docker.sock', '/run/docker.sock'],
  swarmFolder: '/var/lib/docker/swarm',
}

const infoSchema = z.object({ Swarm: z.object({ LocalNodeState: z.string() }) })

/**
 * A practice host belongs on no machine that serves: throws LAB_ON_SWARM_MEMBER where this one is in a Swarm (its
 * engine running or stopped), and LAB_ENGINE_SILENT where an engine accepts connections but does not say.
 */
export async function refuseSwarmMember(engine: MachineEngine = machineEngine, signal?: AbortSignal): Promise<void> {
  for (const socket of engine.sockets) {
    const state = await swarmState(socket, signal)
    if (state !== undefined && state !== 'inactive') throw isMember(`the engine at ${socket} says Swarm: ${state}`)
  }
  const remains: readonly string[] = await readdir(engine.swarmFolder).catch(() => [])
  if (remains.includes('docker-state.json')) throw isMember(`${engine.swarmFolder} holds the state of a Swarm member`)
}

/** undefined where there is no socket, or nobody listens on it. */
async function swarmState(socketPath: string, signal?: AbortSignal): Promise<string | undefined> {
  const deadline = AbortSignal.timeout(5000)
  const either = signal === undefined ? deadline : AbortSignal.any([deadline, signal])
  try {
    const body = await new Promise<string>((resolve, reject) => {
      const call = request({ socketPath, path: '/info', signal: either }, (response) => {
        text(response).then(resolve, reject)
      })
      call.once('error', reject)
      call.end()
    })
    return infoSchema.parse(JSON.parse(body)).Swarm.LocalNodeState
  } catch (error) {
    signal?.throwIfAborted()
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined
    throw new PvcheckError({
      code: 'LAB_ENGINE_SILENT',
      seen: `something listens at ${socketPath}, but does not say whether it is in a Swarm: ${messageOf(error)}`,
      wanted: 'an answer, as a practice host is not booted on a machine that serves a Swarm',
      remedy: 'Find out what ails the engine of this machine, or boot the practice host elsewhere.',
      exit: 'unknown',
      cause: error,
    })
  }
}

function isMember(seen: string): PvcheckError {
  return new PvcheckError({
    code: 'LAB_ON_SWARM_MEMBER',
    seen,
    wanted: 'a machine that is in no Swarm: this one serves somebody',
    remedy: 'Boot the practice host on another machine.',
    exit: 'blocked',
  })
}
