import { test } from 'vitest'
import type { Check, Needs } from '../model/check.ts'
import type { Finding } from '../model/finding.ts'
import { isGreen } from '../model/verdict.ts'
import { unprovenName } from './protocol.ts'
import { proveCheck } from './prove-check.ts'
import { openSession } from './session.ts'

/** Registers the check as a test: what was seen, wanted and to be done is in its findings and in its failure. */
export function prove<const N extends Needs>(check: Check<N>): void {
  test(`${check.id} ${check.title}`, async ({ signal, skip }) => {
    const findings = await proveCheck(check, await openSession(), signal)
    const red = findings.filter(({ verdict }) => !isGreen(verdict))
    if (red.length > 0) throw new Unproven(red)
    if (findings.every(({ verdict }) => verdict === 'n/a')) skip(findings[0]?.reason ?? 'does not apply')
  })
}

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
