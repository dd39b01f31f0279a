import { defineCheck } from '../../model/check.ts'
import { addressCensus } from '../../model/facts/addresses/census.ts'
import { judgeFill } from '../address/judge-fill.ts'
import { networksOf, noNetwork } from './networks-of.ts'

export const overlaysHaveAddresses = defineCheck({
  id: 'PV-ADR-002',
  title: 'Every overlay has addresses to spare, leaked ones counted as taken',
  needs: { census: addressCensus },
  judge: ({ census }, wanted) => {
    const networks = networksOf(census)
    return networks.length === 0
      ? [noNetwork(`below ${wanted.addresses.warnPercent} % in use`)]
      : networks.map(({ found }) => judgeFill(found, wanted))
  },
})
