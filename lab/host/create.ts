import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Shell } from 'zx/core'
import { PvcheckError } from '../../harness/core/errors.ts'
import { type BootOptions, boot, createFolders, dockerFolder } from './boot.ts'
import { planCgroups } from './cgroup.ts'
import { destroyAfter } from './destroy.ts'
import { type EngineName, usualEngine } from './engines.ts'
import { labsFolder } from './folders.ts'
import { type GuestFile, identityFiles, writeGuestFiles } from './guest-files.ts'
import { withLock } from './lock.ts'
import type { LabMachine } from './machine.ts'
import { markOf } from './marked.ts'
import { mintMachineId, mintName } from './mint.ts'
import { mountOverlay } from './mounts.ts'
import { createNetwork, pickSubnet } from './network.ts'
import { markProcess } from './process.ts'
import { type LabRecord, writeRecord } from './record.ts'
import { settleAll } from './settle.ts'
import { shell } from './shell.ts'
import { createSsh, sshConfigFile } from './ssh.ts'

/** Machine-wide, as the addresses are: two state folders must not pick the same subnet. */
export const addressLock = '/run/lock/pvcheck-lab.lock'

export interface CreateOptions {
  readonly name: string
  readonly kind: LabRecord['kind']
  /** That of `lower`; 20.10 unless given. */
  readonly engine?: EngineName
  /** The shared root file system. */
  readonly lower: string
  /** Docker's data to start from; copied. */
  readonly docker?: string
  readonly files: readonly GuestFile[]
  readonly beforeFix: boolean
  readonly refreshMs: number
  readonly binds?: BootOptions['binds']
  readonly signal?: AbortSignal | undefined
}

/** A booted host, its record still `creating`. What was created is removed again when a step fails or is aborted. */
export async function createMachine(options: CreateOptions): Promise<{ machine: LabMachine; record: LabRecord }> {
  const dir = join(labsFolder(), options.name)
  const { signal } = options
  let claimed = false
  await mkdir(labsFolder(), { recursive: true, mode: 0o700 })
  try {
    const record = await withLock(
      addressLock,
      async () => {
        await claimFolder(dir, options.name)
        claimed = true
        return await reserve(dir, options)
      },
      { signal },
    )
    const { root, upper, work } = await createFolders(dir)
    const $ = shell(signal, markOf(record.id))
    const [keys] = await settleAll([
      createSsh(dir, record.address, $),
      mountOverlay({ lower: options.lower, upper, work }, root, $),
      copyDocker(options.docker, join(dir, dockerFolder), $),
    ])
    await writeGuestFiles(root, [...identityFiles(record, keys), ...options.files])
    await boot(dir, record, { signal, ...(options.binds === undefined ? {} : { binds: options.binds }) })
    return { machine: machineOf(dir, record), record }
  } catch (error) {
    throw claimed ? await destroyAfter(signal?.aborted ? signal.reason : error, options.name) : error
  }
}

export function machineOf(dir: string, record: LabRecord): LabMachine {
  const { name, address, machineId, engine, beforeFix } = record
  return { name, dir, address, machineId, engine, beforeFix, sshConfig: join(dir, sshConfigFile) }
}

async function reserve(dir: string, options: CreateOptions): Promise<LabRecord> {
  const owner = await markProcess(process.pid)
  if (owner === undefined) throw new Error('this process is not in /proc')
  const id = mintName('pvlab')
  const record: LabRecord = {
    name: options.name,
    id,
    kind: options.kind,
    phase: 'creating',
    owner,
    createdAt: new Date().toISOString(),
    machineId: mintMachineId(),
    engine: options.engine ?? usualEngine,
    beforeFix: options.beforeFix,
    refreshMs: options.refreshMs,
    ...(await pickSubnet(options.signal)),
    cgroups: await planCgroups(id),
    routes: [],
    sabotages: [],
  }
  await writeRecord(dir, record)
  await createNetwork(dir, record, shell(options.signal, markOf(id)))
  return record
}

async function claimFolder(dir: string, name: string): Promise<void> {
  await mkdir(dir, { mode: 0o700 }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    throw new PvcheckError({
      code: 'LAB_NAME_TAKEN',
      seen: `there is a practice host called ${name} already`,
      wanted: 'a name of its own',
      remedy: `Take another name, or remove that one: "pvcheck lab down --name ${name}".`,
      exit: 'usage',
    })
  })
}

/** A copy: engines change their files in place, and the cached ones are for others, too. */
async function copyDocker(from: string | undefined, to: string, $: Shell): Promise<void> {
  if (from !== undefined) await $`cp -a ${from}/. ${to}`
}
