import type { Leaked } from '../../../judge/address/network-census.ts'
import type { NetworkReport } from '../../../judge/census/report-networks.ts'
import { createPaint } from '../../../run/paint.ts'
import type { Style } from '../style.ts'

interface Wish {
  readonly name?: string
  readonly subnets?: readonly string[]
  readonly capacity?: number
  readonly vips?: number
  readonly leaked?: Leaked
  readonly change?: Partial<NetworkReport>
}

/** What a census might say of one overlay. */
export function reported({
  name = 'proxy',
  subnets = ['10.10.0.0/24'],
  capacity = 253,
  vips = 12,
  leaked = { state: 'exact', addresses: ['10.10.0.7', '10.10.0.9'] },
  change = {},
}: Wish = {}): NetworkReport {
  const isExact = leaked.state === 'exact'
  const lost = leaked.state === 'exact' ? leaked.addresses.length : 0
  const percent = capacity === 0 ? undefined : ((vips + lost) / capacity) * 100
  return {
    census: {
      ...{ id: 'tsymejj0k5qaxyz', name, ingress: false, subnets, leaked, transient: [], unconfirmed: [] },
      ledger: {
        ...{
          pools: poolsOf(capacity),
          capacity,
          reserved: 3,
          held: vips,
          free: capacity - vips,
          percent,
          engine: undefined,
        },
        tally: { vip: vips, task: 0, attached: 0, balancer: 0 },
        holders: [{ kind: 'vip', address: '10.10.0.3', who: 'the VIP of shop_app', nodeId: '' }],
      },
      free: { count: capacity - vips - lost, isExact },
    },
    taken: { count: vips + lost, percent, isExact },
    verdict: lost > 0 ? 'fail' : 'unknown',
    projection: { state: 'unknown', why: 'a rate wants 3 censuses' },
    since: (isExact ? leaked.addresses : []).map((address) => ({ address, knownSince: '2026-11-20T12:00:00.000Z' })),
    ...change,
  }
}

export function style(columns: number | undefined, change: Partial<Style> = {}): Style {
  return { paint: createPaint(false), columns, isUnicode: true, isVerbose: false, ...change }
}

function poolsOf(capacity: number): NetworkReport['census']['ledger']['pools'] {
  if (capacity === 0) return []
  const subnet = '10.10.0.0/24'
  return [
    { subnet, range: subnet, gateway: '10.10.0.1', reserved: ['10.10.0.0', '10.10.0.1', '10.10.0.255'], capacity },
  ]
}
