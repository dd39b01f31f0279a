import { expect, test } from 'vitest'
import type { CarefulHand } from '../hand/careful.ts'
import { askAlone } from './ask-alone.ts'

// As docker 20.10 says it; newer ones put more words before.
const noAddress =
  'docker: Error response from daemon: attaching to network failed, make sure your network options are correct and check manager logs: context deadline exceeded.'

type Said = readonly [exitCode: number, stderr: string]

/** What the docker CLI says of each address, at the first time and at the second, and of one that takes any. */
async function ask(answers: Readonly<Record<string, readonly Said[]>>, any: Said = [97, '']) {
  const commands: (readonly string[])[] = []
  const asked = await askAlone(Object.keys(answers), {
    hand: { run: '20261120T121700Z-3f2a', marks: async () => ({ 'pvcheck.run': 'r' }) } as unknown as CarefulHand,
    host: {
      run: async (argv) => {
        const address = argv.includes('--ip') ? (argv[argv.indexOf('--ip') + 1] ?? '') : undefined
        const turn = commands.filter((command) => command.includes(address ?? '')).length
        commands.push(argv)
        const said = address === undefined ? any : answers[address]?.[turn]
        const [exitCode, stderr] = said ?? [0, 'asked too often']
        return { what: argv.join(' '), startedAt: '', durationMs: 1, exitCode, stdout: '', stderr, truncated: false }
      },
    },
    image: 'sha256:0effc8e4',
    network: { id: 'p1', name: 'proxy' },
    signal: new AbortController().signal,
  })
  return { commands, told: asked.map(({ address, how }) => `${address} ${how}`) }
}

test('a container that has run had its address', async () => {
  const { commands, told } = await ask({ '10.10.0.9': [[97, '']] })
  expect(told).toEqual(['10.10.0.9 free'])
  expect(commands[0]?.join(' ')).toMatch(
    /^docker run --rm --pull never --name pvc-\S+-1-ask --label pvcheck\.run=r .*--network p1 --ip 10\.10\.0\.9 --entrypoint sh sha256:0effc8e4 -c exit 97$/,
  )
})

test('what cannot be had twice is taken, and what can be had the second time is free', async () => {
  const twice = await ask({
    '10.10.0.9': [
      [125, noAddress],
      [125, noAddress],
    ],
    '10.10.0.10': [
      [125, noAddress],
      [97, ''],
    ],
  })
  expect(twice.told).toEqual(['10.10.0.9 taken', '10.10.0.10 free'])
  expect(new Set(twice.commands.map((command) => command[command.indexOf('--name') + 1])).size).toBe(5)
})

test('where no address at all can be had, none is called taken', async () => {
  const paused = { '10.10.0.9': [[125, noAddress] as const, [125, noAddress] as const] }
  expect((await ask(paused, [125, noAddress])).told).toEqual(['10.10.0.9 unasked'])
})

test.each<[string, Said]>([
  ['another error', [125, 'docker: Error response from daemon: network p1 not found.']],
  [
    'an image without a shell',
    [127, 'docker: Error response from daemon: exec: "sh": executable file not found in $PATH'],
  ],
  ['a docker CLI that is not there', [127, 'docker: command not found']],
])('%s tells nothing of the address', async (_, said) => {
  expect((await ask({ '10.10.0.9': [said] })).told).toEqual(['10.10.0.9 unasked'])
})
