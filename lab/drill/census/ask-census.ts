import { join } from 'node:path'
import { z } from 'zod'
import type { LabMachine } from '../../host/machine.ts'
import { targetConfigFile } from '../../host/target-config.ts'
import { runPvcheck } from '../../sabotage/testing/verify-run.ts'

const answerSchema = z.object({
  exit: z.number(),
  networks: z
    .array(
      z.object({
        name: z.string(),
        leaked: z.object({
          state: z.string(),
          addresses: z.array(z.string()).default([]),
          why: z.string().optional(),
        }),
        transient: z.array(z.string()),
        unconfirmed: z.array(z.string()),
        refusal: z.object({ code: z.string(), seen: z.string() }).nullable(),
      }),
    )
    .nullable(),
  troubles: z.array(z.object({ code: z.string(), seen: z.string() })),
})

export interface CensusAnswer {
  /** As they are named, in order. */
  readonly leaked: readonly string[]
  /** Why that is not what was asked for; none where each is named. */
  readonly faults: readonly string[]
}

/** What a census that does its work ends with, by what it found. */
const soundExits = [0, 1, 2]

/** `pvcheck census <network> --walk --json`, as a user runs it. */
export async function askCensus(
  machine: LabMachine,
  network: string,
  { reports, signal }: { readonly reports: string; readonly signal: AbortSignal },
): Promise<CensusAnswer> {
  const config = join(machine.dir, targetConfigFile)
  const args = ['census', network, '--walk', '--json', '--config', config, '--reports', reports]
  const { code, stdout, stderr } = await runPvcheck(args, signal)
  if (!stdout.startsWith('{')) return { leaked: [], faults: [`it ended with ${code}: ${stderr.trim().slice(-1500)}`] }
  const { networks, troubles } = answerSchema.parse(JSON.parse(stdout))
  const found = networks?.find(({ name }) => name === network)
  const faults = [
    ...(soundExits.includes(code) ? [] : [`it ended with ${code}`]),
    ...troubles.map((trouble) => `${trouble.code}: ${trouble.seen}`),
  ]
  if (found === undefined) return { leaked: [], faults: [...faults, `it says nothing of ${network}`] }
  const { leaked, refusal, unconfirmed } = found
  if (leaked.state === 'exact') return { leaked: leaked.addresses, faults }
  const why = [
    leaked.why,
    refusal?.seen,
    unconfirmed.length === 0 ? undefined : `unconfirmed: ${unconfirmed.join(' ')}`,
  ]
  return {
    leaked: leaked.addresses,
    faults: [...faults, `leaked is ${leaked.state}: ${why.filter(Boolean).join('; ')}`],
  }
}
