import { runOn } from '../host/machine.ts'
import type { Sabotage } from './sabotage.ts'
import { waitOn } from './wait.ts'

/** Sets \`$subnet\`, \`10.10.0.0/16\` say, and its first three bytes as \`$base\`. */
const liveSubnet = `subnet=$(docker network inspect proxy --format '{{(index .IPAM.Config 0).Subnet}}') && base=\${subnet%.*}`

export const routeInside: Sabotage = {
  name: 'route-inside',
  what: "gives the host an address, and with it a route, inside the shared network's subnet, as a VPN does",
  reddens: { 'PV-NET-010': { verdict: 'fail', says: /proxy.*overlaps.*\.252\/30 on stray/s } },
  breaks: async (machine, signal) => {
    await runOn(
      machine,
      `set -eu
ip link show stray > /dev/null 2>&1 || ip link add stray type bridge
${liveSubnet}
ip address replace $base.253/30 dev stray
ip link set stray up`,
      { signal },
    )
  },
  mends: async (machine, signal) => {
    await runOn(machine, 'ip link delete stray 2>/dev/null || true', { signal })
  },
}

export const overlayUnallocated: Sabotage = {
  name: 'overlay-unallocated',
  what: 'creates an overlay with a subnet that is taken: the Swarm accepts it, and gives it neither driver nor subnet',
  reddens: { 'PV-NET-008': { verdict: 'fail', says: /clash.*driver "", subnet none/s } },
  breaks: async (machine, signal) => {
    await runOn(
      machine,
      `set -eu
${liveSubnet}
docker network inspect clash > /dev/null 2>&1 || docker network create --driver overlay --subnet $subnet clash`,
      { signal },
    )
    const age =
      '$(($(date +%s) - $(date +%s --date=$(docker network inspect clash --format "{{json .Created}}" | tr -d \\"))))'
    await waitOn(machine, `age=${age} && echo "$age s" && [ $age -gt 11 ]`, {
      what: 'the overlay to have been there for more than 10 s',
      signal,
    })
  },
  mends: async (machine, signal) => {
    await runOn(machine, 'docker network rm clash 2>/dev/null || true', { signal })
  },
}

export const overlaysOverlap: Sabotage = {
  name: 'overlays-overlap',
  what: "creates an overlay inside the shared network's subnet, with an address range that slips by the Swarm",
  reddens: { 'PV-NET-009': { verdict: 'fail', says: /^(proxy and lapping|lapping and proxy): .*overlaps/ } },
  breaks: async (machine, signal) => {
    await runOn(
      machine,
      `set -eu
${liveSubnet}
docker network inspect lapping > /dev/null 2>&1 ||
  docker network create --driver overlay --subnet $subnet --ip-range $base.240/28 lapping`,
      { signal },
    )
  },
  mends: async (machine, signal) => {
    await runOn(machine, 'docker network rm lapping 2>/dev/null || true', { signal })
  },
}
