import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { LabMachine } from '../../host/machine.ts'
import { targetConfigFile } from '../../host/target-config.ts'
import { stacks } from './cases.ts'

const given = z.looseObject({
  target: z.looseObject({}),
  expect: z.looseObject({ sharedNetwork: z.unknown(), throwaway: z.looseObject({}).default({}) }),
})

/** How long the lock of a run that was killed stands: no longer than a drill can wait for again and again. */
export const leaseSeconds = 15

/** A configuration that acts, and asks for little else; returns its path. */
export async function writeLeanConfig(machine: LabMachine): Promise<string> {
  const { target, expect } = given.parse(JSON.parse(await readFile(join(machine.dir, targetConfigFile), 'utf8')))
  const lean = {
    name: 'drill',
    target: { ...target, timeoutSeconds: 5 },
    expect: {
      sharedNetwork: expect.sharedNetwork,
      throwaway: { ...expect.throwaway, stacks, atOnce: 2, leaseSeconds, convergeSeconds: 30 },
    },
  }
  const path = join(machine.dir, 'drill.config.json')
  await writeFile(path, JSON.stringify(lean))
  return path
}
