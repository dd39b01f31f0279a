import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { Disposer } from '../../../harness/core/disposer.ts'
import { mintName } from '../../host/mint.ts'
import { unmountUnder } from '../../host/mounts.ts'
import { shell } from '../../host/shell.ts'
import { labDown, labUp } from '../../lab.ts'
import type { CaseOutcome, Drill, DrillGround, GroundOptions } from '../drill.ts'
import { chooseKills, grid, type KillCase } from './cases.ts'
import { layDesk } from './command.ts'
import { openLabEngine } from './engine.ts'
import { traceOnHost } from './host-traces.ts'
import { writeLeanConfig } from './lean-config.ts'
import { endTrail } from './processes.ts'
import { type Stage, tryKill } from './try-case.ts'

export const killDrill: Drill<KillCase> = {
  name: 'kill',
  proves:
    'Whatever of a run is killed at any of its intents, whatever breaks beneath it: afterwards nothing of it is left, its evidence holds, and nothing else has changed.',
  fullCount: grid,
  sampleCount: 8,
  covers: [
    'harness/core/**/*.ts',
    'harness/model/**/*.ts',
    'harness/reach/engine/*.ts',
    'harness/reach/host/*.ts',
    'harness/reach/ssh/*.ts',
    'harness/reach/*.ts',
    'harness/act/**/*.ts',
    'harness/judge/preflight/**/*.ts',
    'harness/judge/residue/**/*.ts',
    'harness/record/evidence/*.ts',
    'harness/run/*.ts',
    'harness/cli/verify.ts',
    'harness/cli/sweep.ts',
    'specs/*.spec.ts',
    'lab/drill/kill/*.ts',
  ],
  choose: chooseKills,
  begin: raiseGround,
}

/** A practice host on which runs are struck; each case has folders of its own. */
export interface KillGround extends DrillGround<KillCase> {
  /** Makes the folders for something that is tried there. */
  stage(name: string): Promise<Stage>
}

/** Boots the practice host; disposing of it ends all that was started, and leaves no mount and no folder. */
export async function raiseGround({ signal, progress, readBundle }: GroundOptions): Promise<KillGround> {
  const disposer = new Disposer()
  try {
    const work = await mkdtemp(join(tmpdir(), 'pvdrill-'))
    disposer.defer(() => rm(work, { recursive: true, force: true }))
    disposer.defer(() => unmountUnder(work))
    const name = mintName('pvlab')
    disposer.defer(async () => void (await labDown({ which: { name }, progress: () => undefined })))
    const machine = await labUp({ name, refreshMs: 500, signal, progress })
    const engine = await openLabEngine(machine)
    const { Version } = await engine.get('/version', z.object({ Version: z.string() }))
    const config = await writeLeanConfig(machine)
    const before = new Set(await traceOnHost(machine, engine))
    const stage = async (id: string): Promise<Stage> => {
      const desk = await layDesk(join(work, id.replaceAll(' ', '-')), config)
      disposer.defer(() => endTrail(desk.mark))
      return { machine, engine, before, desk, readBundle }
    }
    const run = async (given: KillCase, stop: AbortSignal): Promise<CaseOutcome> => {
      const at = await stage(given.id)
      await using after = new Disposer()
      after.defer(() => endTrail(at.desk.mark))
      if (given.strike === 'disk') {
        after.defer(() => unmountUnder(at.desk.reports))
        await shell()`mount -t tmpfs -o size=24m pvdrill ${at.desk.reports}`
      }
      return await tryKill(given, at, stop)
    }
    return { engine: Version, run, stage, [Symbol.asyncDispose]: () => disposer.dispose() }
  } catch (error) {
    throw await disposer.disposeAfter(error)
  }
}
