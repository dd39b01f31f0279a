import { type BatchProgress, runBatch } from '../act/stack/run-batch.ts'
import { quietSockets } from '../model/facts/quiet/sockets.ts'
import { throwawayBatch } from '../model/facts/throwaway-batch.ts'
import { parseName } from '../model/mark.ts'
import { type Act, unlessOver } from './prove-check.ts'

/** A removal may take the tasks' own time to stop, and what waits for a node that is down gives up by itself. */
const removeSeconds = 180
const slackSeconds = 60

/** Brings up the throwaway stacks of the configuration, and takes them down again without a leak. */
export const launchThrowawayStacks: Act = {
  takesMs: ({ throwaway: { stacks, atOnce, convergeSeconds } }) =>
    1000 * (Math.ceil(stacks / atOnce) * (convergeSeconds + removeSeconds) + slackSeconds),
  does: async ({ acting, lost, progress, reader, wanted }, signal) => {
    const { sharedNetwork, throwaway } = wanted
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
  },
}

function sentenceOf({ stack, what, of, running, gone }: BatchProgress): string {
  const number = parseName(stack)?.number
  return `${running} of ${of} stacks running, ${gone} gone; stack ${number ?? stack}: ${what}`
}
