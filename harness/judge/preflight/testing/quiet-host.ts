import type { Check, Facts, Judgement, Needs } from '../../../model/check.ts'
import { expectationsSchema } from '../../../model/expectations.ts'
import recorded from '../../test-host/green.json' with { type: 'json' }
import type { Wish } from '../../test-host/green.ts'

const { ID: nodeId } = recorded.nodes[0] ?? { ID: '' }

/** A command that printed this and succeeded. */
export function printed(stdout: string, fields: object = {}): object {
  return { exitCode: 0, stdout, stderr: '', truncated: false, ...fields }
}

function quietHost() {
  const info = structuredClone(recorded['engine-info'])
  return {
    'quiet-swarm': {
      info: {
        ...info,
        Swarm: { ...info.Swarm, Cluster: { ...info.Swarm.Cluster, DefaultAddrPool: ['10.0.0.0/8'], SubnetSize: 24 } },
      },
      services: structuredClone(recorded.services),
      tasks: structuredClone(recorded.tasks),
      attachedContainers: [] as object[],
      networks: structuredClone(recorded.networks),
      nodes: structuredClone(recorded.nodes),
      images: [
        { Id: 'sha256:76b6e7956539aa', RepoTags: ['pvcheck-lab/httpd:1'], RepoDigests: null },
        { Id: 'sha256:0effc8e4821fbb', RepoTags: ['pvcheck-lab/busybox:1'], RepoDigests: null },
      ] as object[],
    },
    'quiet-jobs': {} as object,
    'quiet-locks': {} as object,
    'quiet-builds': { askedAt: '2026-11-20T12:00:00.000Z', builds: { state: 'read', builds: [] } } as object,
    'quiet-sockets': {
      state: 'answered',
      answer: printed('  sl  local_address rem_address   st\n   0: 00000000:0016 00000000:0000 0A 00000000:00000000'),
    } as object,
    'quiet-sweeper': {
      systemd: printed('running\n'),
      systemdRun: printed('systemd 252 (252.39-1~deb12u2)\n'),
      user: printed('0\n'),
      docker: printed(`${nodeId}\n`),
    } as object,
  }
}
export type QuietHost = ReturnType<typeof quietHost>

/** Judges what a sound host answered, as it was recorded, after `change` was made to it. */
export function judgeQuiet<N extends Needs>(
  check: Check<N>,
  change: (host: QuietHost) => void = () => undefined,
  wish: Wish = {},
): readonly Judgement[] {
  const host = quietHost()
  change(host)
  const wanted = expectationsSchema.parse(wish)
  const reason = check.notApplicable?.(wanted)
  if (reason !== undefined) return [{ subject: 'target', expected: '', actual: '', verdict: 'n/a', reason }]
  const answers = new Map<string, unknown>(Object.entries(host))
  const facts = Object.entries(check.needs).map(([name, fact]) => [name, fact.schema.parse(answers.get(fact.name))])
  return check.judge(Object.fromEntries(facts) as Facts<N>, wanted)
}
