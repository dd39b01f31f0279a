import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { rawCommandSchema, saidBy } from '../raw-command.ts'

const listenState = '0A'

const schema = z
  .discriminatedUnion('state', [
    z.object({ state: z.literal('answered'), answer: rawCommandSchema }),
    z.object({ state: z.literal('no host'), why: z.string() }),
  ])
  .transform((reading) => {
    if (reading.state === 'no host') return reading
    const { exitCode, stdout, truncated } = reading.answer
    // The heading is there also where nobody listens.
    if (exitCode !== 0 || truncated || !stdout.includes('local_address')) {
      return { state: 'unread' as const, why: saidBy(reading.answer) }
    }
    return { state: 'read' as const, ports: [...new Set(stdout.split('\n').flatMap(listeningPort))] }
  })
/** TCP ports on which somebody listens in the manager's own network namespace. */
export type QuietSockets = z.infer<typeof schema>

/** Of `0: 00000000:1F91 00000000:0000 0A ...`: the second half is the port, in hexadecimal. */
function listeningPort(line: string): readonly number[] {
  const [, port, state] = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(line) ?? []
  return port === undefined || state !== listenState ? [] : [Number.parseInt(port, 16)]
}

export const quietSockets: Fact<QuietSockets> = {
  name: 'quiet-sockets',
  what: 'on which ports of the manager somebody listens',
  schema,
}
