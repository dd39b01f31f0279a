import { plain } from '../../core/text.ts'
import type { Leaked } from '../../judge/address/network-census.ts'
import type { NetworkReport } from '../../judge/census/report-networks.ts'
import type { CensusReport } from './census-report.ts'

type Labels = Readonly<Record<string, string>>

interface Sample {
  readonly labels: Labels
  readonly value: number
}

interface Metric {
  readonly name: string
  readonly help: string
  readonly samples: readonly Sample[]
}

/**
 * A census in the Prometheus text format, for the textfile collector of the node exporter. What is not known has no
 * sample: a 0 would be a statement. Where there is no report, all that is told is how the census ended: what an earlier
 * one measured would else stand for this one.
 */
export function renderPrometheus(report: CensusReport | undefined, exitCode: number): string {
  const networks = report?.networks ?? []
  const called = namesOf(networks)
  const each = (samplesOf: (network: NetworkReport, labels: Labels) => readonly Sample[]): readonly Sample[] =>
    networks.flatMap((network) =>
      samplesOf(network, {
        network: called(network),
        subnet: network.census.subnets.map((subnet) => plain(subnet, 60)).join(','),
      }),
    )
  const metrics: readonly Metric[] = [
    {
      name: 'pvcheck_overlay_addresses_capacity',
      help: 'Addresses that can be handed out on the overlay.',
      samples: each(({ census: { ledger } }, labels) =>
        hasAddresses(ledger) ? [{ labels, value: ledger.capacity }] : [],
      ),
    },
    {
      name: 'pvcheck_overlay_addresses_held',
      help: 'Addresses that are rightly held, by the kind of holder.',
      samples: each(({ census }, labels) =>
        Object.entries(census.ledger.tally).map(([kind, value]) => ({ labels: { ...labels, kind }, value })),
      ),
    },
    {
      name: 'pvcheck_overlay_addresses_free',
      help: 'Addresses that can still be handed out; kind "most" where leaked ones may come off it.',
      samples: each(({ census: { free, ledger } }, labels) =>
        hasAddresses(ledger)
          ? [{ labels: { ...labels, kind: free.isExact ? 'exact' : 'most' }, value: free.count }]
          : [],
      ),
    },
    {
      name: 'pvcheck_overlay_addresses_leaked',
      help: 'Addresses that nobody holds and nobody can be given: kind "exact", or "least" and "most"; absent where not known.',
      samples: each(({ census }, labels) =>
        boundsOf(census.leaked).map(([kind, value]) => ({ labels: { ...labels, kind }, value })),
      ),
    },
    {
      name: 'pvcheck_overlay_addresses_taken_ratio',
      help: 'Share of the capacity that is held or leaked, 0 to 1; kind "least" where leaked ones may come on top.',
      samples: each(({ taken }, labels) =>
        taken.percent === undefined
          ? []
          : [{ labels: { ...labels, kind: taken.isExact ? 'exact' : 'least' }, value: taken.percent / 100 }],
      ),
    },
    {
      name: 'pvcheck_overlay_leaked_addresses_per_day',
      help: 'Measured rate of the leak; absent until three censuses over a day are there.',
      samples: each(({ projection }, labels) =>
        projection.state === 'unknown' ? [] : rangeOf(projection.perDay, labels),
      ),
    },
    {
      name: 'pvcheck_overlay_days_left',
      help: 'Days until no address is free at that rate; absent where nothing leaks or nothing is known.',
      samples: each(({ projection }, labels) =>
        projection.state === 'unknown' || projection.daysLeft === undefined ? [] : rangeOf(projection.daysLeft, labels),
      ),
    },
    {
      name: 'pvcheck_census_time_seconds',
      help: 'When the census was taken, in seconds since the epoch.',
      samples: report === undefined ? [] : [{ labels: {}, value: Date.parse(report.at) / 1000 }],
    },
    {
      name: 'pvcheck_census_exit_code',
      help: 'How the census ended: the exit code of the command.',
      samples: [{ labels: {}, value: exitCode }],
    },
  ]
  return metrics.map(render).join('')
}

function render({ name, help, samples }: Metric): string {
  const known = samples.filter(({ value }) => Number.isFinite(value))
  if (known.length === 0) return ''
  const lines = known.map(({ labels, value }) => `${name}${labelsText(labels)} ${value}`)
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('\n')}\n`
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** As the exposition format wants it: a backslash, a quote and a line break each have an escape. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

/** One of IPv6 alone, or one that was never given a subnet, is not full. */
function hasAddresses({ pools }: NetworkReport['census']['ledger']): boolean {
  return pools.length > 0
}

function boundsOf(leaked: Leaked): readonly (readonly [kind: string, value: number])[] {
  switch (leaked.state) {
    case 'exact':
      return [['exact', leaked.addresses.length]]
    case 'counted':
      return [['exact', leaked.count]]
    case 'estimated':
      return [['least', leaked.atLeast], ...(leaked.atMost === undefined ? [] : [['most', leaked.atMost] as const])]
    case 'unknown':
      return []
  }
}

function rangeOf(
  range: { readonly likely: number; readonly least: number; readonly most?: number },
  labels: Labels,
): readonly Sample[] {
  return Object.entries(range).flatMap(([kind, value]) =>
    value === undefined ? [] : [{ labels: { ...labels, kind }, value }],
  )
}

/** Two series of the same labels would make the collector refuse the whole file: then a name has its id with it. */
function namesOf(networks: readonly NetworkReport[]): (network: NetworkReport) => string {
  const seen = new Map<string, number>()
  const nameOf = ({ census }: NetworkReport): string => plain(census.name, 200)
  for (const network of networks) seen.set(nameOf(network), (seen.get(nameOf(network)) ?? 0) + 1)
  return (network) => {
    const name = nameOf(network)
    return (seen.get(name) ?? 0) > 1 ? `${name} (${network.census.id.slice(0, 12)})` : name
  }
}
