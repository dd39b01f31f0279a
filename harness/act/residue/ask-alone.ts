import pLimit from 'p-limit'
import { plain } from '../../core/text.ts'
import type { AskedAddress } from '../../model/facts/residue/addresses-after.ts'
import { nameOf } from '../../model/mark.ts'
import type { HostRunner } from '../../reach/host/runner.ts'
import type { CarefulHand } from '../hand/careful.ts'

export interface AskAloneParts {
  readonly hand: CarefulHand
  /** The manager: the engine that is asked runs there, and the docker CLI with it. */
  readonly host: HostRunner
  /** By its id: nothing is pulled. */
  readonly image: string
  readonly network: { readonly id: string; readonly name: string }
  readonly signal: AbortSignal
}

/** Most of the time goes into waiting for the engine. */
const atOnce = 8
/** An engine gives an address that is in use 20 s to become free. */
const timeoutMs = 45_000

/**
 * Asks for each address by itself, where an attachable network is too wide for a lap: a container wants that one, and
 * ends as soon as it has it. One that cannot be had is asked for once more, for somebody may have had it for a moment,
 * and counts only where a container that takes any address gets one: a node that is paused gives none to anybody.
 * Throws what the hand throws, and the signal's reason.
 */
export async function askAlone(addresses: readonly string[], parts: AskAloneParts): Promise<readonly AskedAddress[]> {
  let number = 0
  const limit = pLimit(atOnce)
  const askOne = (address: string | undefined): Promise<Answer> => {
    number += 1
    const name = nameOf(parts.hand.run, number, 'ask')
    return limit(() => ask(address, name, parts))
  }
  const askAll = (wanted: readonly string[]): Promise<readonly AskedAddress[]> =>
    Promise.all(wanted.map(async (address) => ({ network: parts.network.name, address, ...(await askOne(address)) })))
  const first = await askAll(addresses)
  const taken = first.filter(({ how }) => how === 'taken').map(({ address }) => address)
  if (taken.length === 0) return first
  const [again, any] = await Promise.all([askAll(taken), askOne(undefined)])
  const told = any.how === 'free' ? again : again.map((asked) => (asked.how === 'taken' ? untold(asked) : asked))
  return [...new Map([...first, ...told].map((asked) => [asked.address, asked])).values()]
}

type Answer = Pick<AskedAddress, 'how' | 'why'>

function untold({ network, address }: AskedAddress): AskedAddress {
  const seen = `the node that was asked gave a container no address of ${plain(network, 100)} at all`
  return { network, address, how: 'unasked', why: { code: 'ASK_NO_CONTROL', seen } }
}

/**
 * It has run, so it has its address. A program that does not exist would do on engines before 28: those give the address
 * first. Newer ones fail before they ask for it, and any address would pass for free.
 */
const hasRun = 97

async function ask(address: string | undefined, name: string, parts: AskAloneParts): Promise<Answer> {
  const { hand, host, image, network, signal } = parts
  const labels = Object.entries(await hand.marks({ signal })).flatMap(([key, value]) => ['--label', `${key}=${value}`])
  const harmless = ['--log-driver', 'none', '--read-only', '--cap-drop', 'ALL', '--no-healthcheck']
  const { exitCode, stderr } = await host.run(
    [
      ...['docker', 'run', '--rm', '--pull', 'never', '--name', name, ...labels, ...harmless],
      ...['--network', network.id, ...(address === undefined ? [] : ['--ip', address])],
      ...['--entrypoint', 'sh', image, '-c', `exit ${hasRun}`],
    ],
    { timeoutMs, signal },
  )
  if (exitCode === hasRun) return { how: 'free' }
  if (/attaching to network failed.*deadline exceeded/.test(stderr)) return { how: 'taken' }
  const seen = `docker run ended with ${exitCode}: ${plain(stderr, 300)}`
  return { how: 'unasked', why: { code: 'ASK_UNCLEAR', seen } }
}
