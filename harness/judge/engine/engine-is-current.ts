import { defineCheck } from '../../model/check.ts'
import { engineVersion } from '../../model/facts/engine-version.ts'
import { installedEngine } from '../../model/facts/installed-engine.ts'

export const engineIsCurrent = defineCheck({
  id: 'PV-ENG-001',
  title: 'The running engine is the one installed on disk',
  needs: { running: engineVersion, installed: installedEngine },
  judge: ({ running, installed }) => {
    const sameCommit = running.GitCommit === undefined || running.GitCommit === installed.commit
    const same = running.Version === installed.version && sameCommit
    const say = (version: string, commit: string | undefined): string => `${version}, build ${commit ?? 'not told'}`
    return [
      {
        subject: 'dockerd',
        expected: `${say(installed.version, installed.commit)}, as installed`,
        actual: `${say(running.Version, running.GitCommit)}, kernel ${running.KernelVersion ?? 'not told'}`,
        ...(same
          ? { verdict: 'pass' }
          : {
              verdict: 'fail',
              reason:
                'the engine on disk was changed, and the running one was not restarted: its next start is an upgrade',
              remedy:
                'In a maintenance window restart dockerd on this node (`systemctl restart docker`; it stops the containers of this node), or put the wanted version back on disk.',
            }),
      },
    ]
  },
})
