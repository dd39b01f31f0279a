import { defineCheck } from '../../model/check.ts'
import { addressCensus } from '../../model/facts/addresses/census.ts'
import { judgeLeaks } from './judge-leaks.ts'
import { networksOf, noNetwork } from './networks-of.ts'

export const noAddressIsLeaked = defineCheck({
  id: 'PV-ADR-001',
  title: 'No address of an overlay is leaked',
  needs: { census: addressCensus },
  judge: ({ census }) => {
    const networks = networksOf(census)
    return networks.length === 0 ? [noNetwork('no address leaked')] : networks.map(judgeLeaks)
  },
})
