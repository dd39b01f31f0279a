import { join } from 'node:path'
import { PvcheckError } from '../../harness/core/errors.ts'
import type { Sabotage } from '../sabotage/sabotage.ts'
import { machineOf } from './create.ts'
import { withLock } from './lock.ts'
import { type LabMachine, runOn } from './machine.ts'
import { isMinted } from './mint.ts'
import { type FoundLab, type LabRecord, readRecord, writeRecord } from './record.ts'

type RecordedLab = FoundLab & { readonly record: LabRecord }

/** The sabotage of that name. Throws LAB_SABOTAGE_UNKNOWN, naming what there is. */
export function findSabotage(name: string, sabotages: readonly Sabotage[]): Sabotage {
  const found = sabotages.find((sabotage) => sabotage.name === name)
  if (found !== undefined) return found
  throw new PvcheckError({
    code: 'LAB_SABOTAGE_UNKNOWN',
    seen: `no sabotage is called ${JSON.stringify(name)}`,
    wanted: `one of ${sabotages.length} names`,
    remedy: '`pvcheck lab sabotage` without a name lists them all.',
    exit: 'usage',
  })
}

/** Breaks the host, after a look that it is one of the lab's own. Recorded as in force before it begins. */
export async function breakHost(lab: RecordedLab, sabotage: Sabotage, signal: AbortSignal): Promise<void> {
  await onOwnHost(lab, signal, async (machine) => {
    await setActive(lab.dir, (active) => [...active.filter((name) => name !== sabotage.name), sabotage.name])
    await sabotage.breaks(machine, signal)
  })
}

/** Mends what is named, or all that is in force, the latest first. Returns what was mended. */
export async function mendHost(
  lab: RecordedLab,
  name: string | undefined,
  sabotages: readonly Sabotage[],
  signal: AbortSignal,
): Promise<string[]> {
  if (name !== undefined) findSabotage(name, sabotages)
  return await onOwnHost(lab, signal, async (machine) => {
    const { sabotages: active } = await readRecord(lab.dir)
    const names = name === undefined ? [...active].reverse() : [name]
    for (const each of names) {
      await findSabotage(each, sabotages).mends(machine, signal)
      await setActive(lab.dir, (before) => before.filter((other) => other !== each))
    }
    return names
  })
}

async function onOwnHost<T>(
  lab: RecordedLab,
  signal: AbortSignal,
  work: (machine: LabMachine) => Promise<T>,
): Promise<T> {
  const machine = machineOf(lab.dir, lab.record)
  return await withLock(
    join(lab.dir, 'sabotage.lock'),
    async () => {
      await assertOwn(machine, signal)
      return await work(machine)
    },
    { signal },
  )
}

/** Throws LAB_NOT_MINTED unless the live host carries the machine id that the lab gave it. */
export async function assertOwn(machine: LabMachine, signal: AbortSignal): Promise<void> {
  const live = (await runOn(machine, 'cat /etc/machine-id', { signal })).trim()
  if (isMinted(live) && live === machine.machineId) return
  throw new PvcheckError({
    code: 'LAB_NOT_MINTED',
    seen: `the host reached as ${machine.name} has the machine id ${JSON.stringify(live.slice(0, 40))}`,
    wanted: `${machine.machineId}, which the lab minted for it`,
    remedy: 'Sabotage is for practice hosts only; nothing was changed.',
    exit: 'blocked',
  })
}

async function setActive(dir: string, change: (active: readonly string[]) => readonly string[]): Promise<void> {
  const record = await readRecord(dir)
  await writeRecord(dir, { ...record, sabotages: [...change(record.sabotages)] })
}
