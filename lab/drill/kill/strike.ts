import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../../harness/core/file.ts'
import { pollUntil } from '../../../harness/core/poll.ts'
import { type LabMachine, runOn } from '../../host/machine.ts'
import type { Strike } from './cases.ts'
import type { Desk, StartedCommand } from './command.ts'
import { type Found, processesOf, roleOf, signalAll } from './processes.ts'

export interface Struck {
  readonly machine: LabMachine
  readonly desk: Desk
  readonly command: StartedCommand
  readonly signal: AbortSignal
}

/** Strikes a run; returns when it is done. Throws where there was nothing to strike. */
export async function strikeRun(strike: Strike, on: Struck): Promise<void> {
  const { machine, desk, command, signal } = on
  if (strike === 'engine') await runOn(machine, 'systemctl reset-failed docker; systemctl restart docker', { signal })
  else if (strike === 'disk') await fillDisk(desk.reports)
  else signalAll(await victims(strike, command, signal), 'SIGKILL')
}

/** A janitor is started a moment after the lock is intended: whoever is to be killed is waited for. */
async function victims(strike: Strike, command: StartedCommand, signal: AbortSignal): Promise<readonly Found[]> {
  return await pollUntil<readonly Found[]>(
    async () => {
      const all = await processesOf(command.mark)
      const chosen = all.filter((one) => isVictim(strike, one, { all, command }))
      if (chosen.length > 0) return { done: true, value: chosen }
      if (command.exitCode() !== undefined) throw new Error(`the run has ended with ${command.exitCode()}`)
      return { done: false, state: all.map(({ pid, words }) => `${pid} ${words.slice(0, 120)}`).join('; ') }
    },
    { what: `a process to kill (${strike})`, timeoutMs: 10_000, intervalMs: 10, signal },
  )
}

interface Family {
  readonly all: readonly Found[]
  readonly command: StartedCommand
}

function isVictim(strike: Strike, one: Found, { all, command }: Family): boolean {
  if (strike === 'everything') return true
  if (strike === 'command') return one.pid === command.pid
  if (strike === 'tunnel') return /(^|\/)ssh /.test(one.words) && !isOfJanitor(one, all)
  return roleOf(one) === strike
}

/** The janitor's own connection is not the run's. */
function isOfJanitor(one: Found, all: readonly Found[]): boolean {
  const parent = all.find(({ pid }) => pid === one.parent)
  return parent !== undefined && (roleOf(parent) === 'janitor' || isOfJanitor(parent, all))
}

/** The file that fills the disk. */
export function fillerPath(folder: string): string {
  return join(folder, '.filler')
}

/** Writes until not one byte more goes in. */
async function fillDisk(folder: string): Promise<void> {
  const file = await open(fillerPath(folder), 'w')
  try {
    for (const block of [1 << 20, 4096, 1]) await writeUntilFull(file, Buffer.alloc(block))
  } finally {
    await file.close()
  }
}

async function writeUntilFull(file: Awaited<ReturnType<typeof open>>, block: Buffer): Promise<void> {
  for (;;) {
    try {
      await file.write(block)
    } catch (error) {
      if (systemCode(error) === 'ENOSPC') return
      throw error
    }
  }
}
