import { createInterface } from 'node:readline'
import { throwawaySchema } from '../../../model/throwaway.ts'
import { connect } from '../../../reach/connect.ts'
import { newRunId } from '../../../record/evidence/run-id.ts'
import type { Acting } from '../acting.ts'
import { openActing } from '../open-acting.ts'

/**
 * The main process of a run, run as a process of its own: acts on the practice host of `argv[2]`, with the state folder
 * `argv[3]` and a lease of `argv[4]` seconds, and does what each line of its input says.
 */
const [sshConfigPath = '', stateDir = '', lease = '15', hostSweeps = 'yes'] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)
const address = {
  engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
  host: { kind: 'ssh', destination: 'lab' },
  sshConfigPath,
  timeoutMs: 5_000,
} as const
const { signal } = new AbortController()
await using connection = await connect(address, { signal, stateDir })
const run = newRunId()
const throwaway = throwawaySchema.parse({ leaseSeconds: Number(lease), hostSweeps: hostSweeps === 'yes' })
const onProgress = () => undefined
let acting: Acting | undefined

const acts: Readonly<Record<string, () => Promise<unknown>>> = {
  open: async () => {
    acting = await openActing(
      connection,
      { run, owner: `process-${process.pid}`, stateDir, throwaway, onProgress },
      signal,
    )
    return { acting: acting.handle, connection: connection.handle }
  },
  settle: async () => acting?.settle(connection, signal),
  deeds: async () => acting?.deeds(),
  lost: async () => acting?.lost.aborted,
  end: async () => acting?.end(connection, true),
  leave: async () => acting?.end(connection, false),
}

say(run)
for await (const line of createInterface({ input: process.stdin })) {
  try {
    say(JSON.stringify({ done: await acts[line]?.() }))
  } catch (error) {
    say(
      JSON.stringify({
        failed: error instanceof Error && 'code' in error ? error.code : String(error),
        why: String(error),
      }),
    )
  }
}
