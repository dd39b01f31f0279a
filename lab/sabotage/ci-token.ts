import { renewStacks } from './control-plane.ts'
import type { Sabotage } from './sabotage.ts'
import { updateWeb } from './update-service.ts'

export const ciTokenRotated: Sabotage = {
  name: 'ci-token-rotated',
  what: 'has the CI server take another token than the one that was handed out: who comes with the old one is a guest',
  reddens: { 'PV-CI-001': { verdict: 'fail', says: /^token: .*makes a guest/s } },
  breaks: (machine, signal) =>
    updateWeb(machine, 'drone', { args: '--env-add TOKEN_FILE=/etc/hostname', done: 'TOKEN_FILE' }, signal),
  mends: (machine, signal) => renewStacks(machine, ['drone'], signal),
}
