import { createInterface } from 'node:readline'
import { z } from 'zod'
import { censusSchema } from '../../../model/census.ts'
import { nameOf } from '../../../model/mark.ts'
import { connectionHandleSchema } from '../../../reach/target.ts'
import { takeCensus } from '../../census/take-census.ts'
import { actingHandleSchema } from '../acting.ts'
import { joinActing } from '../join-acting.ts'

/**
 * The worker of a run, run as a process of its own: its first line of input has the handles of the run; each further one
 * says what to create (`config 1`), and is answered with the id, or with what kept it from that. `walk` and the id of a
 * network begins to walk it again and again, and is answered when the first addresses have been given back.
 */
const say = (line: string) => process.stdout.write(`${line}\n`)
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const given = z
  .object({ acting: actingHandleSchema, connection: connectionHandleSchema })
  .parse(JSON.parse(String((await lines.next()).value)))
await using hand = await joinActing(given.acting, given.connection)
say('joined')
const Data = Buffer.from('x').toString('base64')
/** What keeps running until it is killed, and takes two seconds for that. */
const stubborn = ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done']

const specs: Readonly<Record<string, (name: string) => Record<string, unknown>>> = {
  config: () => ({ Data }),
  secret: () => ({ Data }),
  network: () => ({ Driver: 'overlay', CheckDuplicate: true }),
  service: (name) => ({
    TaskTemplate: {
      ContainerSpec: { Image: 'pvcheck-lab/busybox:1', Command: stubborn, StopGracePeriod: 2_000_000_000 },
      LogDriver: { Name: 'none' },
      Networks: [{ Target: name.replace(/\d+$/, (number) => String(Number(number) - 1)) }],
    },
    Mode: { Replicated: { Replicas: 1 } },
  }),
}

async function walkFor(network: string, begun: () => void): Promise<never> {
  for (;;) {
    await takeCensus({
      ...{ hand, settings: censusSchema.parse({}), publish: { from: 28_100, to: 28_199 }, networks: [network] },
      ...{ signal: new AbortController().signal, onProgress: begun },
    })
  }
}

const kindSchema = z.enum(['service', 'network', 'config', 'secret'])
for (;;) {
  const { done, value } = await lines.next()
  if (done === true) break
  const [kind, number] = String(value).split(' ')
  try {
    if (kind === 'lost') {
      say(String(hand.lost.aborted))
      continue
    }
    if (kind === 'walk') {
      await new Promise<void>((resolve) => void walkFor(String(number), resolve))
      say('walking')
      continue
    }
    const name = nameOf(hand.run, Number(number))
    say(await hand.create(kindSchema.parse(kind), { Name: name, ...specs[kind ?? '']?.(name) }))
  } catch (error) {
    say(error instanceof Error && 'code' in error ? String(error.code) : String(error))
  }
}
