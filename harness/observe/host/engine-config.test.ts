import { expect, test } from 'vitest'
import { expectationsSchema } from '../../model/expectations.ts'
import type { Fact } from '../../model/fact.ts'
import { engineConfigTrial } from '../../model/facts/engine-config-trial.ts'
import type { Asker } from '../question.ts'
import { questions } from '../questions.ts'

const today =
  '      --userns-remap string   User namespaces\n      --validate              Validate daemon configuration and exit\n'
const older = '      --userns-remap string   User namespaces\n'

/** Asks what dockerd says to its file, and gives the commands that were run and the answer. */
async function tryOut(host: { execStart: string; help: string; config?: string }) {
  const asked: string[] = []
  const [program = ''] = host.execStart.split(' ')
  const answers: Readonly<Record<string, string>> = {
    systemctl: `ExecStart={ path=${program} ; argv[]=${host.execStart} ; ignore_errors=no }\n`,
    cat: host.config ?? '{"debug": true}',
  }
  const asker: Asker = {
    wanted: expectationsSchema.parse({}),
    engine: async () => undefined,
    http: () => Promise.reject(new Error('nothing is asked of the web')),
    knock: () => Promise.reject(new Error('nothing is asked of the web')),
    signal: undefined,
    run: async ([command = '', ...others]) => {
      asked.push([command, ...others].join(' '))
      const stdout = answers[command] ?? (others[0] === '--help' ? host.help : '')
      return { exitCode: 0, stdout, stderr: '', truncated: false }
    },
    read: async <T>(fact: Fact<T>): Promise<T> => fact.schema.parse(await rawOf(fact)),
  }
  const rawOf = async (fact: Fact<unknown>): Promise<unknown> =>
    questions.find((question) => question.fact.name === fact.name)?.ask(asker)
  const trial = engineConfigTrial.schema.parse(await rawOf(engineConfigTrial))
  return { trial, asked: asked.filter((command) => /dockerd -|^cat/.test(command) && !command.startsWith('systemctl')) }
}

test('a dockerd that can validate is given the flags of its unit, without those that the environment holds', async () => {
  const execStart = '/opt/dockerd -H fd:// --config-file /srv/d.json --containerd=/run/c.sock $DOCKER_OPTS'
  expect(await tryOut({ execStart, help: today })).toEqual({
    trial: { kind: 'accepted' },
    asked: [
      'cat -- /srv/d.json',
      '/opt/dockerd --help',
      '/opt/dockerd --validate -H fd:// --containerd=/run/c.sock --config-file /srv/d.json',
    ],
  })
})

test('one that cannot is never given an order that it might take for a start', async () => {
  const execStart = '/usr/sbin/dockerd -H fd:// --config-file=/srv/d.json'
  expect(await tryOut({ execStart, help: older })).toEqual({
    trial: { kind: 'flags', flags: ['userns-remap'] },
    asked: ['cat -- /srv/d.json', '/usr/sbin/dockerd --help'],
  })
})

test('behind a launcher its own words are no flags of dockerd', async () => {
  const { asked } = await tryOut({ execStart: '/usr/bin/snap run docker.dockerd', help: today })
  expect(asked.at(-1)).toBe('dockerd --validate --config-file /etc/docker/daemon.json')
})

test('a file that is no JSON is not tried', async () => {
  const { trial, asked } = await tryOut({ execStart: '/usr/sbin/dockerd', help: today, config: '{' })
  expect(trial).toEqual({ kind: 'untried' })
  expect(asked).toEqual(['cat -- /etc/docker/daemon.json'])
})
