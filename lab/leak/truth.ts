import { z } from 'zod'
import { type LabMachine, runOn } from '../host/machine.ts'
import { heldIn } from './bitmap.ts'

export interface Truth {
  readonly subnet: string
  /** Every address that the allocator does not give away: whoever holds it, and whether anybody does. */
  readonly held: readonly string[]
  /** Those of them that are the network's own: its first, its last, and its gateway. */
  readonly reserved: readonly string[]
}

const networkSchema = z.tuple([
  z.object({
    Ingress: z.boolean(),
    IPAM: z.object({ Config: z.tuple([z.object({ Subnet: z.string(), Gateway: z.string() })]) }),
  }),
])

/**
 * Asks dockerd itself, not the API: for the moment of one request for an address, of a service without a task, it logs
 * what it does, its bitmap of the subnet included. Only on the leader, and for an overlay with one subnet. The address
 * is given back at once; on a full network the request fails, and is logged as such.
 */
export async function truthOf(machine: LabMachine, network: string, signal: AbortSignal): Promise<Truth> {
  const inspected = await runOn(machine, `docker network inspect ${network}`, { signal })
  const [{ Ingress, IPAM }] = networkSchema.parse(JSON.parse(inspected))
  const [{ Subnet, Gateway }] = IPAM.Config
  const asks = Ingress ? '--publish 32767:80' : `--network ${network}`
  const lines = await runOn(machine, question(Subnet, asks), { signal, timeoutMs: 60_000 })
  // Other networks, and the node's own copy of this one, are asked for addresses in the same seconds.
  const ofAllocator = lines.split('\n').filter((_, index, all) => all[index - 1]?.includes(`GlobalDefault/${Subnet},`))
  const [bitmap] = ofAllocator.flatMap((line) => heldIn(line) ?? [])
  if (bitmap === undefined) throw new Error(`dockerd logged no bitmap of ${Subnet}: ${lines.slice(-1000)}`)
  const first = numberOf(Subnet.replace(/\/.*/, ''))
  const held = bitmap.ordinals.map((ordinal) => addressOf(first + ordinal))
  const last = addressOf(first + 2 ** (32 - Number(Subnet.replace(/.*\//, ''))) - 1)
  return { subnet: Subnet, held, reserved: [addressOf(first), Gateway, last] }
}

/** Shell: turns the debug log on, asks, prints the lines, and turns it off again, whatever happens. One at a time. */
function question(subnet: string, asks: string): string {
  return `set -eu
exec 9> /run/lock/truth; flock 9
settings=/etc/docker/daemon.json
debug() {
  sed '0,/{/s//{ "debug": '$1',/' /run/truth.json > $settings
  systemctl reload docker.service
  until [ "$(docker info --format '{{.Debug}}')" = "$1" ]; do sleep 0.05; done
}
finish() {
  docker service rm truth > /dev/null 2>&1 || true
  # Left by one that was killed: the settings as they were before that. Without a word of it, a reload changes nothing.
  [ ! -e /run/truth.json ] || { debug false; cp -p /run/truth.json $settings; rm /run/truth.json; }
}
trap finish EXIT
finish
cp -p $settings /run/truth.json
debug true
since=$(date +%s.%N)
docker service create --quiet --detach --no-resolve-image --name truth --replicas 0 ${asks} pvcheck-lab/busybox:1 > /dev/null
for try in $(seq 200); do
  journalctl --sync
  lines=$(journalctl --quiet --output=cat --since=@$since _SYSTEMD_UNIT=docker.service _TRANSPORT=stdout |
    grep --extended-regexp 'RequestAddress\\(|Request address PoolID') || true
  case $lines in *"GlobalDefault/${subnet},"*"Request address PoolID:${subnet} "*) printf '%s\\n' "$lines"; exit 0 ;; esac
  sleep 0.05
done
printf '%s\\n' "$lines" >&2
exit 1
`
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}

function addressOf(number: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(number / unit) % 256).join('.')
}
