import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configSchema } from '../../harness/config/schema.ts'
import { controlPlane, labDown, labHeal, labSabotage, labStatus, labUp } from '../lab.ts'
import type { Sabotage } from '../sabotage/sabotage.ts'
import { findLeader } from './leader.ts'
import { type LabMachine, runOn } from './machine.ts'
import { findLab, readRecord } from './record.ts'
import { breakHost, mendHost } from './sabotage.ts'
import { refuseSwarmMember } from './swarm-member.ts'
import { ownStateHome } from './testing/state-home.ts'
import { raise } from './up.ts'

const quiet = { progress: () => undefined }
const state = ownStateHome()
const never = new AbortController().signal
let machine: LabMachine
let dockerSocket: string

beforeAll(async () => {
  machine = await labUp({ name: 'refusals', refreshMs: 500, ...quiet })
  dockerSocket = `/proc/${await findLeader(await readRecord(machine.dir))}/root/run/docker.sock`
}, 60_000)

afterAll(() => state.remove(), 30_000)

describe('a machine that is a Swarm member', () => {
  test('is refused by the word of its engine', async () => {
    const machineEngine = { sockets: [dockerSocket], swarmFolder: '/nonexistent' }
    const refused = raise({ name: 'on-a-member', ...quiet }, { guest: controlPlane, machineEngine })
    await expect(refused).rejects.toMatchObject({ code: 'LAB_ON_SWARM_MEMBER', exit: 'blocked' })
    expect((await labStatus()).map(({ name }) => name)).toEqual(['refusals'])
  })

  test('is refused by the state of a stopped engine', async () => {
    const swarmFolder = join(machine.dir, 'docker', 'swarm')
    const refused = refuseSwarmMember({ sockets: [join(machine.dir, 'no.sock')], swarmFolder })
    await expect(refused).rejects.toMatchObject({ code: 'LAB_ON_SWARM_MEMBER', exit: 'blocked' })
  })

  test('is not this one', async () => {
    await expect(refuseSwarmMember()).resolves.toBeUndefined()
  })
})

describe('ssh', () => {
  const ssh = async (alias: string, command: string, extra: readonly string[] = []) =>
    await promisify(execFile)('ssh', ['-F', machine.sshConfig, ...extra, alias, command])

  test('reaches root with the key and the host key of this lab', async () => {
    expect((await ssh('lab', 'id -un; cat /etc/machine-id')).stdout).toBe(`root\n${machine.machineId}\n`)
  })

  test('reaches an operator who may not open the Docker socket', async () => {
    await expect(ssh('lab-operator', 'docker ps')).rejects.toMatchObject({
      stderr: expect.stringContaining('permission denied'),
    })
  })

  test('refuses a host key that is not the recorded one', async () => {
    const strange = join(machine.dir, 'strange_hosts')
    writeFileSync(strange, readFileSync(join(machine.dir, 'known_hosts'), 'utf8').replace(/AAAA\S+/, strangeKey))
    await expect(ssh('lab', 'true', ['-o', `UserKnownHostsFile=${strange}`])).rejects.toMatchObject({ code: 255 })
  })
})
const strangeKey = 'AAAAC3NzaC1lZDI1NTE5AAAAIJYuTfhYBa5CcdFdWq7pYN3uhpNI/ezzfd1F8Mjyk3qk'

describe('the written configuration', () => {
  test('is one that pvcheck reads, and names the cluster', async () => {
    const written: unknown = JSON.parse(readFileSync(join(machine.dir, 'pvcheck.config.json'), 'utf8'))
    const config = configSchema.parse(written)
    const clusterId = (await runOn(machine, "docker info --format '{{.Swarm.Cluster.ID}}'")).trim()
    expect(config.target).toMatchObject({ engine: 'ssh://lab', sshConfig: machine.sshConfig, cluster: clusterId })
    expect(Object.keys(config.expect.stacks).sort()).toEqual(
      (await runOn(machine, "docker stack ls --format '{{.Name}}' | sort")).trim().split('\n'),
    )
  })
})

describe('sabotage', () => {
  const marker = '/run/sabotaged'
  const sabotage: Sabotage = {
    name: 'marker',
    what: 'leaves a file',
    reddens: {},
    breaks: async (host) => void (await runOn(host, `touch ${marker}`)),
    mends: async (host) => void (await runOn(host, `rm -f ${marker}`)),
  }
  const lab = async () => {
    const found = await findLab(machine.name)
    if (found?.record === undefined) throw new Error('no record')
    return { ...found, record: found.record }
  }
  const isThere = async () => (await runOn(machine, `test -e ${marker} && echo yes || echo no`)).trim()

  test('is in force, and listed, until it is mended', async () => {
    await breakHost(await lab(), sabotage, never)
    expect(await isThere()).toBe('yes')
    expect((await labStatus())[0]?.sabotages).toEqual(['marker'])
    expect(await mendHost(await lab(), undefined, [sabotage], never)).toEqual(['marker'])
    expect(await isThere()).toBe('no')
    expect((await labStatus())[0]?.sabotages).toEqual([])
  })

  test('is refused on a host whose machine id the lab did not mint', async () => {
    const foreign = '0123456789abcdef0123456789abcdef'
    await runOn(
      machine,
      `cp -p /etc/machine-id /root/kept && echo ${foreign} > /root/foreign && mount --bind /root/foreign /etc/machine-id`,
    )
    try {
      await expect(breakHost(await lab(), sabotage, never)).rejects.toMatchObject({
        code: 'LAB_NOT_MINTED',
        seen: expect.stringContaining(foreign),
        exit: 'blocked',
      })
      expect(await isThere()).toBe('no')
      expect((await labStatus())[0]?.sabotages).toEqual([])
    } finally {
      await runOn(machine, 'umount /etc/machine-id')
    }
  })

  test('is refused on a host that carries the id of another practice host', async () => {
    const found = await lab()
    const other = { ...found, record: { ...found.record, machineId: found.record.machineId.replace(/.$/, 'x') } }
    await expect(breakHost(other, sabotage, never)).rejects.toMatchObject({ code: 'LAB_NOT_MINTED' })
    expect(await isThere()).toBe('no')
  })

  test('that nobody knows is a usage error that names what there is', async () => {
    await expect(labSabotage(undefined, 'no-such', never)).rejects.toMatchObject({
      code: 'LAB_SABOTAGE_UNKNOWN',
      exit: 'usage',
    })
    await expect(labHeal(undefined, 'no-such', never)).rejects.toMatchObject({ code: 'LAB_SABOTAGE_UNKNOWN' })
  })
})

describe('names', () => {
  test('that are taken are refused, and the host that has it stays', async () => {
    await expect(labUp({ name: machine.name, ...quiet })).rejects.toMatchObject({
      code: 'LAB_NAME_TAKEN',
      exit: 'usage',
    })
    expect((await labStatus()).map(({ name, state: is }) => [name, is])).toEqual([['refusals', 'running']])
  })

  test('that do not fit are refused before anything is touched', async () => {
    await expect(labUp({ name: '../escape', ...quiet })).rejects.toMatchObject({ code: 'LAB_NAME_INVALID' })
  })

  test('that nobody has cannot be taken down, and the message says who is there', async () => {
    await expect(labDown({ which: { name: 'nobody' }, ...quiet })).rejects.toMatchObject({
      code: 'LAB_UNKNOWN',
      seen: expect.stringContaining('refusals'),
    })
  })
})
