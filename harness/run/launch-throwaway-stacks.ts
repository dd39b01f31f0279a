import { askAddresses } from '../act/residue/ask-addresses.ts'
import { type BatchProgress, runBatch } from '../act/stack/run-batch.ts'
import { quietSockets } from '../model/facts/quiet/sockets.ts'
import { addressesAfter } from '../model/facts/residue/addresses-after.ts'
import { throwawayBatch } from '../model/facts/throwaway-batch.ts'
import { parseName } from '../model/mark.ts'
import { type Act, unlessOver } from './prove-check.ts'

/** A removal may take the tasks' own time to stop, and what waits for a node that is down gives up by itself. */
const removeSeconds = 180
const slackSeconds = 60
/** Two laps, or two rounds of addresses that are asked for by themselves, where something is lost. */
const askSeconds = 180

/** Brings up the throwaway stacks of the configuration, and takes them down again without a leak. */
export const launchThrowawayStacks: Act = {
  takesMs: ({ throwaway: { stacks, atOnce, convergeSeconds } }) =>
    1000 * (Math.ceil(stacks / atOnce) * (convergeSeconds + removeSeconds) + slackSeconds + askSeconds),
  does: async ({ acting, host, lost, progress, reader, wanted }, signal) => {
    const { census, sharedNetwork, throwaway } = wanted
    const hand = await acting()
    const sockets = (await reader.read(quietSockets)).value
    const settings = {
      throwaway,
      sharedNetwork: sharedNetwork.name,
      listening: 'ports' in sockets ? sockets.ports : [],
    }
    // A batch cleans up after itself for as long as it may take. Where the target is lost that leads nowhere: whoever
    // connects again sweeps what is left.
    const batch = await unlessOver(lost, () => runBatch(hand, settings, signal, (now) => progress(sentenceOf(now))))
    await reader.keep(throwawayBatch, batch)
    const asking = {
      ...{ hand, host, throwaway, settings: census },
      ...{ signal: AbortSignal.any([signal, hand.lost]), onProgress: progress },
    }
    await reader.keep(addressesAfter, await unlessOver(lost, () => askAddresses(batch, asking)))
  },
}

function sentenceOf({ stack, what, of, running, gone }: BatchProgress): string {
  const number = parseName(stack)?.number
  return `${running} of ${of} stacks running, ${gone} gone; stack ${number ?? stack}: ${what}`
}
