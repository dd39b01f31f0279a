import { defineCheck } from '../../model/check.ts'
import { engineUnit } from '../../model/facts/engine-unit.ts'
import { engineVersion } from '../../model/facts/engine-version.ts'
import { installedEngine } from '../../model/facts/installed-engine.ts'

export const engineIsCurrent = defineCheck({
  id: 'PV-ENG-001',
  title: 'The running engine is the one installed on disk',
  needs: { running: engineVersion, installed: installedEngine, unit: engineUnit },
  judge: ({ running, installed, unit }) => {
    const say = (version: string, commit: string | undefined): string => `${version}, build ${commit ?? 'not told'}`
    const actual = `${say(running.Version, running.GitCommit)}, kernel ${running.KernelVersion ?? 'not told'}`
    if (installed.kind === 'untold') {
      return [
        {
          subject: 'dockerd',
          expected: 'the version on disk',
          actual,
          verdict: 'unknown',
          reason: `\`${installed.program} --version\` answered with ${installed.answer}; the unit starts ${unit.argv.slice(0, 3).join(' ') || 'no program'}`,
          remedy:
            'Look which dockerd the unit starts: an engine from a snap, or behind a script, has its own way to tell its version, and is compared by hand.',
        },
      ]
    }
    const sameCommit = running.GitCommit === undefined || running.GitCommit === installed.commit
    const same = running.Version === installed.version && sameCommit
    return [
      {
        subject: 'dockerd',
        expected: `${say(installed.version, installed.commit)}, as installed`,
        actual,
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
