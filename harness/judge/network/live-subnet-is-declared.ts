import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import type { Declaration } from '../../model/expectations.ts'
import { declarations } from '../../model/facts/declarations.ts'
import { networks } from '../../model/facts/networks.ts'
import { listSubnets, sharedNetworkOf, subnetsOf } from '../address/overlay.ts'
import { declaredSubnets, describeDeclared } from '../declaration/declared-subnets.ts'

export const liveSubnetIsDeclared = defineCheck({
  id: 'PV-NET-003',
  title: 'The host declares the subnet that the shared network has',
  needs: { networks, declarations },
  notApplicable: ({ sharedNetwork }) =>
    sharedNetwork.declared.length === 0
      ? 'no place is named where the host declares it: `expect.sharedNetwork.declared` is empty'
      : undefined,
  judge: ({ networks, declarations }, wanted) => {
    const { name } = wanted.sharedNetwork
    const shared = sharedNetworkOf(networks, wanted)
    return declarations.map((declaration): Judgement => {
      const subject = describe(declaration.source)
      const declared = declaredSubnets(declaration, name)
      const actual = describeDeclared(declared)
      if (shared === undefined) {
        return {
          subject,
          expected: `the subnet of ${name}`,
          actual,
          verdict: 'unknown',
          reason: 'there is no such overlay',
          remedy: 'See PV-NET-001.',
        }
      }
      const live = listSubnets(subnetsOf(shared))
      const said = { subject, expected: `${live}, as live`, actual }
      if (declared.kind === 'unresolved') {
        return {
          ...said,
          verdict: 'unknown',
          reason: 'what it declares cannot be told without running it',
          remedy:
            'Declare it with `kind: command`, and a command that prints the subnet, or the script; for Nix `nix-instantiate --eval --json` of the option.',
        }
      }
      if (declared.kind === 'subnets' && listSubnets(declared.subnets) === live) return { ...said, verdict: 'pass' }
      return {
        ...said,
        verdict: 'fail',
        reason: 'the network that is there was made otherwise; the next time it is created it will be as declared',
        remedy: `Decide which is right. To keep the live one declare \`--subnet ${live}\`. To have the declared one recreate ${name} in a maintenance window: a rebuild alone does not resize it.`,
      }
    })
  },
})

function describe(source: Declaration): string {
  if (source.kind === 'file') return source.path
  return source.kind === 'unit' ? source.unit : source.argv.join(' ')
}
