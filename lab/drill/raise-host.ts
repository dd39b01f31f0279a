import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { Disposer } from '../../harness/core/disposer.ts'
import type { LabMachine } from '../host/machine.ts'
import { mintName } from '../host/mint.ts'
import { labDown, labUp } from '../lab.ts'
import type { GroundOptions } from './drill.ts'
import { type LabEngine, openLabEngine } from './kill/engine.ts'

/** A practice host for the cases of a drill; disposing of it leaves nothing behind. */
export interface RaisedHost extends AsyncDisposable {
  readonly machine: LabMachine
  readonly engine: LabEngine
  /** Of the engine. */
  readonly version: string
  /** A folder for what is written meanwhile. */
  readonly work: string
}

export async function raiseHost({
  engine: name,
  signal,
  progress,
}: Pick<GroundOptions, 'engine' | 'signal' | 'progress'>): Promise<RaisedHost> {
  const disposer = new Disposer()
  try {
    const work = await mkdtemp(join(tmpdir(), 'pvdrill-'))
    disposer.defer(() => rm(work, { recursive: true, force: true }))
    const lab = mintName('pvlab')
    disposer.defer(async () => void (await labDown({ which: { name: lab }, progress: () => undefined })))
    const machine = await labUp({
      ...{ name: lab, refreshMs: 500, signal, progress },
      ...(name === undefined ? {} : { engine: name }),
    })
    const engine = await openLabEngine(machine)
    const { Version } = await engine.get('/version', z.object({ Version: z.string() }))
    return { machine, engine, version: Version, work, [Symbol.asyncDispose]: () => disposer.dispose() }
  } catch (error) {
    throw await disposer.disposeAfter(error)
  }
}
