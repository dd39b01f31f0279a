import type { Judgement } from '../../model/check.ts'
import { defineCheck, type Requirement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import { type StackOutcome, type ThrowawayBatch, throwawayBatch } from '../../model/facts/throwaway-batch.ts'
import { coreRoutesUp } from '../gate/core-routes.ts'
import { preflightRequirements } from '../preflight/preflight-checks.ts'
import { judgeStack, remedies } from './judge-stack.ts'

const requires: readonly Requirement[] = [coreRoutesUp, ...preflightRequirements]

/** A Swarm that has room brings up a few stacks more, and is without them afterwards. */
export const throwawayStacksComeAndGo = defineCheck({
  id: 'PV-HEAD-001',
  title: 'Throwaway stacks come up, and are gone once they are removed',
  needs: { batch: throwawayBatch },
  requires,
  judge: ({ batch }, wanted) => [...batch.stacks.flatMap(judgeStack), summaryOf(batch, wanted)],
})

function summaryOf(batch: ThrowawayBatch, { throwaway, sharedNetwork }: Expectations): Judgement {
  const { stacks } = batch
  const ran = stacks.filter(({ runningMs }) => runningMs !== undefined)
  const gone = stacks.filter(({ removal }) => removal !== 'left')
  const subject = `${throwaway.stacks} throwaway stacks`
  const expected = `${throwaway.stacks} of ${throwaway.stacks} run on ${sharedNetwork.name}, at most ${throwaway.atOnce} at once, and are gone`
  const actual = [
    `${ran.length} of ${throwaway.stacks} ran, at most ${batch.mostAtOnce} at once`,
    ...timesOf('to run', stacks.flatMap(untilRunning)),
    ...timesOf('to be gone', stacks.flatMap(untilGone)),
    ...(gone.length === stacks.length
      ? []
      : [`${stacks.length - gone.length} left to the sweep at the end of the run`]),
  ].join('; ')
  const bad = stacks.flatMap(judgeStack)
  const first = bad.find(({ verdict }) => verdict === 'fail') ?? bad[0]
  if (first === undefined && ran.length === throwaway.stacks) return { subject, expected, actual, verdict: 'pass' }
  return {
    ...{ subject, expected, actual },
    verdict: first?.verdict ?? 'unknown',
    ...(first?.code === undefined ? {} : { code: first.code }),
    reason: first === undefined ? 'the others were never asked for' : `${first.subject}: ${first.actual}`,
    remedy: first?.remedy ?? remedies.interrupted,
  }
}

function untilRunning({ startedMs, runningMs }: StackOutcome): readonly number[] {
  return runningMs === undefined ? [] : [runningMs - startedMs]
}

/** From the moment it ran: how long it was to run is its own matter, and nothing here. */
function untilGone({ runningMs, goneMs }: StackOutcome): readonly number[] {
  return runningMs === undefined || goneMs === undefined ? [] : [goneMs - runningMs]
}

function timesOf(what: string, times: readonly number[]): readonly string[] {
  const sorted = [...times].sort((a, b) => a - b)
  const median = sorted[Math.floor((sorted.length - 1) / 2)]
  const slowest = sorted.at(-1)
  if (median === undefined || slowest === undefined) return []
  return [`${secondsOf(median)} ${what} in the median, ${secondsOf(slowest)} at most`]
}

function secondsOf(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
