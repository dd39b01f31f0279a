import type { Drill, DrillGround, GroundOptions } from '../drill.ts'
import { raiseHost } from '../raise-host.ts'
import { atOnce, chooseLeaks, fullCount, type LeakCase, stacks } from './cases.ts'
import { tryLeak } from './try-leak.ts'

export const leakDrill: Drill<LeakCase> = {
  name: 'leak',
  proves: `On each engine ${stacks} stacks, ${atOnce} at once, lose an address each on the network that they share, and on \`ingress\`, when \`docker stack rm\` removes them, and none when \`pvcheck rm\` does.`,
  fullCount,
  sampleCount: 2,
  measures: 'deploy and removal',
  covers: [
    'harness/core/**/*.ts',
    'harness/reach/**/*.ts',
    'harness/act/remove/*.ts',
    'harness/judge/removal/*.ts',
    'harness/cli/rm.ts',
    'lab/leak/*.ts',
    'lab/drill/leak/*.ts',
    'lab/drill/raise-host.ts',
  ],
  choose: chooseLeaks,
  begin: raiseGround,
}

async function raiseGround(options: GroundOptions): Promise<DrillGround<LeakCase>> {
  const host = await raiseHost(options)
  return {
    engine: host.version,
    run: (given, signal) => tryLeak({ ...given, stacks, atOnce, signal }, host.machine),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  }
}
