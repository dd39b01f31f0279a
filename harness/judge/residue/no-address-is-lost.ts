import { plain } from '../../core/text.ts'
import { defineCheck, type Judgement } from '../../model/check.ts'
import { addressesAfter } from '../../model/facts/residue/addresses-after.ts'
import { type StackOutcome, throwawayBatch } from '../../model/facts/throwaway-batch.ts'
import { parseName } from '../../model/mark.ts'
import { count, list } from '../say.ts'
import { type Became, becameOf } from './became-of.ts'
import { type HeldAddress, heldAddresses, heldUnseen } from './held-addresses.ts'

const expected = 'each is free again, or somebody else has it'

/** What a run borrows of a network it gives back: else every run would make the host a little worse. */
export const noAddressIsLost = defineCheck({
  id: 'PV-RES-005',
  title: 'No address that the run held is lost',
  needs: { batch: throwawayBatch, after: addressesAfter },
  judge: ({ batch, after }, { throwaway }) => {
    const tell = becameOf(after)
    const held = heldAddresses(batch).map((one) => ({ ...one, became: tell(one) }))
    const names = [...new Set(held.map(({ network }) => network))].sort()
    const judged = [...names.map((name) => ofNetwork(name, batchOf(held, name))), ...heldUnseen(batch).map(notSeen)]
    if (judged.length > 0) return judged
    const subject = `${throwaway.stacks} throwaway stacks`
    return [{ subject, expected, actual: 'they were given no address', verdict: 'pass' }]
  },
})

type Told = HeldAddress & { readonly became: Became }

function batchOf(held: readonly Told[], name: string): readonly Told[] {
  return held.filter(({ network }) => network === name)
}

function ofNetwork(name: string, held: readonly Told[]): Judgement {
  const of = (state: Became['state']) => held.filter(({ became }) => became.state === state)
  const [lost, free, taken] = [of('lost'), of('free'), of('held')]
  // Its own task has it still: whether it is given back then, nobody has seen.
  const late = taken.filter(({ became }) => became.state === 'held' && isOwn(became.who))
  const unknown = [...of('unknown'), ...late]
  const others = taken.length - late.length
  const known = {
    subject: plain(name, 80),
    expected,
    actual: [
      `${count(held.length, 'address', 'addresses')} held by the run: ${free.length} free again`,
      ...(others === 0 ? [] : [`${others} held by somebody else`]),
      ...(lost.length === 0 ? [] : [`${lost.length} lost: ${list(lost.map(inWords), 24)}`]),
      ...(unknown.length === 0 ? [] : [`${unknown.length} unknown: ${list(unknown.map(inWords))}`]),
    ].join(', '),
  }
  if (lost.length > 0)
    return { ...known, verdict: 'fail', code: 'RESIDUE_ADDRESS', reason: lostWhy, remedy: lostRemedy }
  const [first] = unknown
  if (first === undefined) return { ...known, verdict: 'pass' }
  return { ...known, verdict: 'unknown', reason: whyOf(first), remedy: unknownRemedy }
}

function notSeen({ name, came, why }: StackOutcome): Judgement {
  return {
    ...{ subject: plain(name, 80), expected, actual: `not all that it held was seen (${came})`, verdict: 'unknown' },
    reason: why === undefined ? 'nobody looked while it was there' : `${plain(why.code, 60)}: ${plain(why.seen, 300)}`,
    remedy: unknownRemedy,
  }
}

function inWords({ address, whose }: Told): string {
  return `${plain(address, 40)} (${plain(whose, 80)})`
}

function whyOf({ address, became }: Told): string {
  if (became.state === 'unknown') return `${plain(address, 40)}: ${became.why}`
  const who = became.state === 'held' ? became.who : 'nobody'
  return `${plain(address, 40)}: ${who} still had it when it was asked for`
}

/** `task abc of pvc-...`, or of a service that the run has removed. */
function isOwn(who: string): boolean {
  return who.endsWith(' of a removed service') || parseName(who.split(' ').at(-1) ?? '') !== undefined
}

const lostWhy =
  'nobody holds it, and nobody can be given it: somebody removed the network of a throwaway stack while its task was still ending, or a service of the run waited for an address on a full network'
const lostRemedy =
  'A restart of dockerd on the leading manager gives it back (`systemctl restart docker`). See in its journal who removed the network; if nobody else did, report the evidence: this is a fault of pvcheck.'
const unknownRemedy =
  'Run `pvcheck census --walk` on that network when nothing is being deployed; an overlay wider than a /20 can be asked only where it is attachable.'
