import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { PvcheckError } from '../../harness/core/errors.ts'
import { replaceFile } from '../../harness/core/file.ts'
import { cgroupSchema } from './cgroup.ts'
import { engineNames, usualEngine } from './engines.ts'
import { labsFolder } from './folders.ts'
import { processSchema } from './process.ts'

/** All that must be known to remove a lab, written and synced before any of it is created. */
const recordSchema = z.object({
  /** What the user calls it, and its folder. */
  name: z.string(),
  /** Minted, so unique on the machine whatever the name: its link, its cgroups, its systemd-nspawn machine. */
  id: z.string(),
  /** A builder makes the cached images and goes away again. */
  kind: z.enum(['lab', 'builder']),
  /** `creating` with a dead owner is the remains of a killed process. */
  phase: z.enum(['creating', 'running']),
  owner: processSchema,
  createdAt: z.string(),
  machineId: z.string(),
  /** Records of earlier versions say nothing. */
  engine: z.enum(engineNames).default(usualEngine),
  beforeFix: z.boolean(),
  refreshMs: z.number(),
  /** The /30's network address; host side +1, inside +2. */
  network: z.string(),
  address: z.string(),
  gateway: z.string(),
  cgroups: z.array(cgroupSchema),
  /** Set once the control plane stands. */
  clusterId: z.string().optional(),
  routes: z.array(z.string()),
  /** Those that are in force. */
  sabotages: z.array(z.string()),
})
export type LabRecord = z.infer<typeof recordSchema>

export const recordFile = 'lab.json'

/** Replaces the record of a host, whole or not at all. */
export async function writeRecord(dir: string, record: LabRecord): Promise<void> {
  await replaceFile(join(dir, recordFile), `${JSON.stringify(record, null, 2)}\n`, 0o600)
}

/** Throws LAB_RECORD_UNREADABLE when there is none, or none of ours. */
export async function readRecord(dir: string): Promise<LabRecord> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(dir, recordFile), 'utf8')))
  } catch (error) {
    throw new PvcheckError({
      code: 'LAB_RECORD_UNREADABLE',
      seen: `${join(dir, recordFile)} cannot be read as the record of a practice host`,
      wanted: 'the record that "pvcheck lab up" wrote',
      remedy: 'If nothing of that host runs any more, remove the folder by hand.',
      exit: 'blocked',
      cause: error,
    })
  }
}

/** A lab's folder, and its record unless it died before that was written. */
export interface FoundLab {
  readonly name: string
  readonly dir: string
  readonly record: LabRecord | undefined
}

/** Every lab folder there is, by name; builders included. */
export async function findLabs(): Promise<FoundLab[]> {
  const names = await readdir(labsFolder()).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  return await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .sort()
      .map(async (name) => {
        const dir = join(labsFolder(), name)
        return { name, dir, record: await readRecord(dir).catch(() => undefined) }
      }),
  )
}

/** One lab by its name. */
export async function findLab(name: string): Promise<FoundLab | undefined> {
  return (await findLabs()).find((lab) => lab.name === name)
}
