import { createInterface } from 'node:readline'
import { attach } from '../../../reach/attach.ts'
import { attachWriter } from '../../../reach/attach-writer.ts'
import { connect } from '../../../reach/connect.ts'
import { newRunId } from '../../../record/evidence/run-id.ts'
import { createEngineClock } from '../engine-clock.ts'
import type { Hold } from '../hold.ts'
import { createIntents } from '../intents.ts'
import { takeLock } from '../lock.ts'

/**
 * Run as a process of its own: connects to the practice host of `argv[2]` with the state folder `argv[3]`, and does to
 * the lock what each line of its input says. Its wall clock is off by `argv[4]` hours.
 */
const [sshConfigPath = '', stateDir = '', hoursOff = '0'] = process.argv.slice(2)
const now = Date.now
Date.now = () => now() + Number(hoursOff) * 3_600_000

const say = (line: string) => process.stdout.write(`${line}\n`)
const address = {
  engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
  host: { kind: 'ssh', destination: 'lab' },
  sshConfigPath,
  timeoutMs: 10_000,
} as const
await using connection = await connect(address, { signal: new AbortController().signal, stateDir })
const { engine, fingerprint } = attach(connection.handle)
const writer = attachWriter(connection.handle)
const clock = createEngineClock(engine)
const run = newRunId()
const header = { run, owner: `process-${process.pid}`, cluster: fingerprint.cluster }
await using intents = await createIntents(stateDir, header)
let hold: Hold | undefined

const acts: Readonly<Record<string, () => Promise<void>>> = {
  take: async () => {
    hold = await takeLock({ engine, writer, clock, intents, ...header, leaseSeconds: 9, createSeconds: 3 })
  },
  assert: async () => hold?.assert(),
  renew: async () => hold?.renew(),
  release: async () => hold?.release(),
}

say(run)
for await (const line of createInterface({ input: process.stdin })) {
  try {
    await acts[line]?.()
    say(`done ${line}`)
  } catch (error) {
    say(error instanceof Error && 'code' in error ? String(error.code) : String(error))
  }
}
