import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { addressReading } from '../../model/facts/addresses/reading.ts'
import type { EngineCount, Ledger } from '../address/ledger.ts'
import { indexLedgers } from '../address/ledger.ts'
import { isAllocated, nameOf, overlaysOf } from '../address/overlay.ts'
import { count } from '../say.ts'

const expected = 'as many addresses in use as are reserved and held'

export const engineCountAgrees = defineCheck({
  id: 'PV-NET-011',
  title: "The allocator's own count of addresses agrees with the ledger",
  needs: { reading: addressReading },
  judge: ({ reading }) => {
    const ledgerOf = indexLedgers(reading)
    const judgements = overlaysOf(reading.networks)
      .filter(isAllocated)
      .flatMap((network): readonly Judgement[] => {
        const ledger = ledgerOf(network)
        if (ledger.engine === undefined) return []
        const said = { subject: nameOf(network), expected, actual: describe(ledger, ledger.engine) }
        return [{ ...said, ...verdictOf(ledger, ledger.engine, reading.moved) }]
      })
    if (judgements.length > 0) return judgements
    return [
      {
        subject: 'overlays',
        expected,
        actual: 'the engine tells no count',
        verdict: 'n/a',
        reason: 'engines before 29.0 (API 1.52) do not tell what their allocator counts',
      },
    ]
  },
})

function describe({ reserved, held }: Ledger, { inUse, free }: EngineCount): string {
  return `${count(inUse, 'address', 'addresses')} in use and ${free.toLocaleString('en-US')} free by the allocator; ${reserved} reserved and ${held.toLocaleString('en-US')} held by the ledger`
}

type Said = Pick<Judgement, 'verdict' | 'reason' | 'remedy'>

function verdictOf(ledger: Ledger, { unexplained }: EngineCount, moved: boolean): Said {
  if (unexplained === 0) return { verdict: 'pass' }
  if (moved) {
    return {
      verdict: 'unknown',
      reason: 'addresses were taken and given back all the while that it was read',
      remedy: 'Look again when no deploy is under way.',
    }
  }
  if (unexplained > 0) {
    return {
      verdict: 'fail',
      reason: `${count(unexplained, 'address', 'addresses')} in use that nobody holds: leaked`,
      remedy:
        'See which with `pvcheck census --walk`. They come back when dockerd is restarted on the leading manager, which stops the containers of that node; remove stacks with `pvcheck rm`, which leaks none.',
    }
  }
  const unread = ledger.holders.filter(({ address }) => address === undefined)
  if (-unexplained <= unread.length) {
    const [first] = unread
    return {
      verdict: 'unknown',
      reason: `${count(unread.length, 'load balancer')} could not be asked for, ${plain(first?.who ?? '', 100)} among them: some may have no address`,
      remedy: 'Ask the engines of those nodes with `docker network inspect`.',
    }
  }
  return {
    verdict: 'fail',
    reason: `${count(-unexplained, 'holder')} more than the allocator knows of: it will give their addresses away once more`,
    remedy:
      'Look at PV-NET-006 for an address with two holders, and recreate the service that was put on a full network.',
  }
}
