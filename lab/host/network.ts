import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Shell } from 'zx/core'
import { PvcheckError } from '../../harness/core/errors.ts'
import { findLabs, type LabRecord } from './record.ts'
import { settleAll } from './settle.ts'
import { shell } from './shell.ts'
import { freeSubnets, type Subnet } from './subnet.ts'

const routesSchema = z.array(z.object({ dst: z.string() }))
const addressesSchema = z.array(z.object({ addr_info: z.array(z.object({ local: z.string().optional() })) }))

/** The file a lab's network namespace is bound to; in its own folder, so `ip netns` of the machine stays as it was. */
export function namespaceFile(dir: string): string {
  return join(dir, 'netns')
}

/**
 * The first subnet that no route, address or record of this machine knows. Call it, and create the link, under the
 * machine-wide lock: until the link is up only the lock keeps a second lab from the same subnet.
 */
export async function pickSubnet(signal?: AbortSignal): Promise<Subnet> {
  const $ = shell(signal)
  const [routes, addresses, labs] = await Promise.all([
    $`ip -4 -json route show table all`,
    $`ip -4 -json addr show`,
    findLabs(),
  ])
  const taken = [
    ...routesSchema.parse(JSON.parse(routes.stdout)).map(({ dst }) => dst),
    ...addressesSchema.parse(JSON.parse(addresses.stdout)).flatMap((link) => link.addr_info.map((a) => a.local ?? '')),
    ...labs.map(({ record }) => (record === undefined ? '' : `${record.network}/30`)),
  ]
  const [subnet] = freeSubnets(taken)
  if (subnet !== undefined) return subnet
  throw new PvcheckError({
    code: 'LAB_NO_SUBNET',
    seen: 'every /30 of 198.51.100.0/24 is routed or in use on this machine',
    wanted: 'one that is free',
    remedy: 'Remove practice hosts that are no longer needed: "pvcheck lab down --all".',
    exit: 'blocked',
  })
}

/** Creates the namespace and its only link. No default route: whatever looks outwards fails at once, it never waits. */
export async function createNetwork(dir: string, record: LabRecord, $: Shell): Promise<void> {
  const namespace = namespaceFile(dir)
  await writeFile(namespace, '')
  await $`unshare --net=${namespace} true`
  await $`ip link add ${record.id} type veth peer name eth0 netns ${namespace}`
  await settleAll([
    $`ip addr add ${record.gateway}/30 dev ${record.id} && ip link set ${record.id} up`,
    $`nsenter --net=${namespace} sh -c ${`ip addr add ${record.address}/30 dev eth0 && ip link set eth0 up`}`,
  ])
}

/** Removes the link, if it is there; the namespace goes with its last process and its mount. */
export async function removeLink(record: LabRecord): Promise<void> {
  const $ = shell()
  const present = await $({ nothrow: true })`ip link show dev ${record.id}`
  if (present.exitCode === 0) await $({ nothrow: true })`ip link del dev ${record.id}`
  const left = await $({ nothrow: true })`ip link show dev ${record.id}`
  if (left.exitCode !== 0) return
  throw new PvcheckError({
    code: 'LAB_RESIDUE',
    seen: `the link ${record.id} is still there`,
    wanted: 'no interface left of the practice host',
    remedy: `Look at "ip link show ${record.id}" and delete it.`,
    exit: 'residue',
  })
}
