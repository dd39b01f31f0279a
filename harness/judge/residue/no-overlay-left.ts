import { plain } from '../../core/text.ts'
import { defineCheck, type Judgement } from '../../model/check.ts'
import { objectsAfter } from '../../model/facts/residue/objects-after.ts'
import { runDeeds } from '../../model/facts/run-deeds.ts'
import { count } from '../say.ts'
import { idsOf, type OverlayTrace, overlaysOf } from './belongings.ts'
import { otherNodes } from './other-nodes.ts'
import { left } from './say-residue.ts'

const expected = 'no network namespace and no interface of an overlay that the run removed'

export const noOverlayLeft = defineCheck({
  id: 'PV-RES-003',
  title: 'No namespace or interface of a removed overlay is left on the manager',
  needs: { deeds: runDeeds, after: objectsAfter },
  judge: ({ deeds, after }) => {
    const subject = plain(after.engine.Name, 80)
    const { host } = after
    if (host.kind === 'unseen') {
      return [
        {
          ...{ subject, expected, actual: 'not seen', verdict: 'unknown', reason: plain(host.why) },
          remedy:
            'Let pvcheck run commands on the manager (`target.host`), by a user who may read `/proc/self/mountinfo` in the namespace of dockerd.',
        },
      ]
    }
    const found = overlaysOf(deeds, after)
    if (found.length > 0) return found.map(ofTrace)
    const looked = `${count(host.namespaces.length, 'namespace')} and ${count(host.interfaces.length, 'interface')}`
    const actual = `none of ${count(idsOf(deeds, 'network').size, 'network')} of the run, among ${looked}`
    return [{ subject, expected, actual, verdict: 'pass', ...otherNodes(after) }]
  },
})

function ofTrace({ what, network }: OverlayTrace): Judgement {
  const [kind = '', name = ''] = plain(what, 80).split(' ')
  return left({
    subject: plain(what, 80),
    expected: 'gone with its network',
    actual: `still there, of the removed network ${plain(network, 80)}`,
    remedy:
      kind === 'namespace'
        ? `Look who holds it (\`lsns -t net\`); with nobody in it, \`umount /run/docker/netns/${name}\`, or let dockerd start again.`
        : `\`ip link delete ${name}\`, or let dockerd start again.`,
  })
}
