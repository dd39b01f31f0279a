import { runOn } from '../../host/machine.ts'
import { dismissNodes, hurry, isThere, join } from '../other-nodes.ts'
import type { ActingSabotage } from './acting-sabotage.ts'
import { endAmbush, hasSprung, layAmbush } from './ambush.ts'

export const workerLostAmid: ActingSabotage = {
  name: 'worker-lost-amid',
  what: 'cuts the power of the worker on which throwaway stacks run: nobody can end their tasks, and their networks stay',
  reddens: {
    'PV-RES-001': {
      verdict: 'fail',
      says: /^network pvc-\S+-net: .*carries the label of the run|^task \w+ \(\w+\): .*on node \w+, holds/s,
    },
    'PV-HEAD-001': { verdict: 'fail', says: /second|no suitable node|not gone in time/ },
    'PV-RES-005': { verdict: 'unknown', says: /^(proxy|ingress): .* still had it when it was asked for/s },
  },
  exit: 'residue',
  troubles: ['RUN_LEFT_RESIDUE'],
  place: 'second',
  leaves: true,
  afterwards: hasSprung,
  breaks: async (machine, signal) => {
    if (await isThere(machine, 'second', signal)) return
    await hurry(machine, signal)
    const { socketPath } = await join(machine, 'second', 'worker', signal)
    await runOn(machine, `docker save pvcheck-lab/busybox:1 | docker -H unix://${socketPath} load`, { signal })
    await layAmbush(
      machine,
      // Of the node, and of any stack: the first service may be removed again before its task was seen to run.
      `until docker node ps --format '{{.Name}} {{.CurrentState}}' $(docker node ls -q --filter role=worker) | grep '^pvc-.* Running'
do sleep 0.1; done
systemctl kill --signal=KILL second-engine
systemctl stop second-engine`,
      signal,
    )
  },
  mends: async (machine, signal) => {
    await endAmbush(machine, signal)
    await dismissNodes(machine, signal)
  },
}
