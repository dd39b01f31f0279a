import { stat } from 'node:fs/promises'
import type { EngineName } from './engines.ts'
import { findLeader } from './leader.ts'
import { findLabs } from './record.ts'
import { type LabState, labState } from './state.ts'

export interface LabStatus {
  readonly name: string
  readonly dir: string
  readonly state: LabState
  readonly address?: string
  readonly engine?: EngineName
  /** Since its process 1 started; absent unless it runs. */
  readonly uptimeMs?: number
  readonly clusterId?: string
  readonly routes: readonly string[]
  readonly sabotages: readonly string[]
}

/** Every practice host there is, whatever state it is in. */
export async function listLabs(): Promise<LabStatus[]> {
  return await Promise.all(
    (await findLabs()).map(async (lab) => {
      const state = await labState(lab)
      const { record } = lab
      if (record === undefined) return { name: lab.name, dir: lab.dir, state, routes: [], sabotages: [] }
      const leader = state === 'running' ? await findLeader(record) : undefined
      const bootedAt = leader === undefined ? undefined : await stat(`/proc/${leader}`).catch(() => undefined)
      return {
        name: lab.name,
        dir: lab.dir,
        state,
        address: record.address,
        engine: record.engine,
        ...(bootedAt === undefined ? {} : { uptimeMs: Math.round(Date.now() - bootedAt.ctimeMs) }),
        ...(record.clusterId === undefined ? {} : { clusterId: record.clusterId }),
        routes: record.routes,
        sabotages: record.sabotages,
      }
    }),
  )
}
