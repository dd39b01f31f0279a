import { afterAll, test } from 'vitest'
import type { AnyCheck } from '../model/check.ts'
import type { Finding } from '../model/finding.ts'
import { isGreen } from '../model/verdict.ts'
import { unprovenName } from './protocol.ts'
import { type Act, proveCheck } from './prove-check.ts'
import { allowanceOf, openSession, patienceOfRun } from './session.ts'

/** Registers the check as a test: what was seen, wanted and to be done is in its findings and in its failure. */
export function prove(check: AnyCheck, act?: Act): void {
  // Facts end by their own deadlines, and a check by its patience; Vitest's timeout would leave no finding at all.
  if (act !== undefined) afterAll(async () => (await openSession()).letGo())
  const timeout = patienceOfRun() * (1 + (check.requires?.length ?? 0)) + allowanceOf(act) + slackMs
  test(`${check.id} ${check.title}`, { timeout }, async ({ signal, skip }) => {
    const session = await openSession()
    const before = act && ((stop: AbortSignal) => act.does(session, stop))
    const findings = await proveCheck(check, session, signal, before)
    const red = findings.filter(({ verdict }) => !isGreen(verdict))
    if (red.length > 0) throw new Unproven(red)
    if (findings.length === 0) skip('this run may not act on the target')
    if (findings.every(({ verdict }) => verdict === 'n/a')) skip(findings[0]?.reason ?? 'does not apply')
  })
}

const slackMs = 60_000

/** A check whose worst finding is not green. It has no stack: the host is at fault, not the code. */
class Unproven extends Error {
  constructor(findings: readonly Finding[]) {
    super(findings.map(sentenceOf).join('\n'))
    this.name = unprovenName
    this.stack = `${this.name}: ${this.message}`
  }
}

function sentenceOf({ verdict, subject, actual, expected, reason, remedy }: Finding): string {
  return [
    `${verdict}: ${subject}`,
    `  seen    ${actual}`,
    `  wanted  ${expected}`,
    ...(reason === undefined ? [] : [`  why     ${reason}`]),
    ...(remedy === undefined ? [] : [`  remedy  ${remedy}`]),
  ].join('\n')
}
