import type { Reddening } from './sabotage.ts'

/** What silence is worth then: the checks that look for lines which must not be there. */
export const silenceProvesNothing = (says: RegExp) =>
  ({
    'PV-JRN-005': { verdict: 'unknown', says },
    'PV-JRN-006': { verdict: 'unknown', says },
    'PV-JRN-007': { verdict: 'unknown', says },
  }) satisfies Record<string, Reddening>
