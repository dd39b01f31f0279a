import { describe, expect, test } from 'vitest'
import { expectationsSchema } from '../../model/expectations.ts'
import type { StackOutcome } from '../../model/facts/throwaway-batch.ts'
import { throwawayStacksComeAndGo } from './throwaway-stacks-come-and-go.ts'

const wanted = expectationsSchema.parse({ throwaway: { stacks: 3, atOnce: 2 } })

function stack(number: number, more: Partial<StackOutcome> = {}): StackOutcome {
  return {
    ...{ name: `pvc-20261120t121700z-3f2a-${number}`, came: 'running', removal: 'gone' },
    ...{ startedMs: 1_000, runningMs: 1_000 + number * 1_000, goneMs: 9_000, addresses: {}, vips: {}, lastStates: [] },
    ...more,
  }
}

/** What did not run was never running, and never went. */
function bad(number: number, more: Partial<StackOutcome>): StackOutcome {
  const { runningMs: _running, goneMs: _gone, ...rest } = stack(number)
  return { ...rest, ...more }
}

function judge(stacks: readonly StackOutcome[]) {
  const batch = { stacks: [...stacks], atOnce: 2, mostAtOnce: 2, wallMs: 20_000 }
  return throwawayStacksComeAndGo.judge({ batch }, wanted)
}

test('all that ran and went is one pass, with the figures', () => {
  expect(judge([stack(1), stack(2), stack(3)])).toEqual([
    {
      subject: '3 throwaway stacks',
      expected: '3 of 3 run on proxy, at most 2 at once, and are gone',
      actual:
        '3 of 3 ran, at most 2 at once; 2.0 s to run in the median, 3.0 s at most; 6.0 s to be gone in the median, 7.0 s at most',
      verdict: 'pass',
    },
  ])
})

describe('a stack that is bad fails, with its last states, and so does the whole', () => {
  const why = (code: string) => ({ code, seen: 'it was seen' })
  test.each<[string, Partial<StackOutcome>, RegExp]>([
    ['STACK_STUCK', { came: 'stuck', removal: 'gone', why: why('STACK_STUCK') }, /did not run in time: task abc/],
    ['STACK_ENDED', { came: 'ended', removal: 'gone', why: why('STACK_ENDED') }, /ended by itself: task abc/],
    ['STACK_REFUSED', { came: 'refused', removal: 'nothing', why: why('CREATE_REFUSED') }, /was refused.*it was seen/],
    ['STACK_INTERRUPTED', { came: 'interrupted', removal: 'nothing', why: why('STACK_NO_PORT') }, /it was seen/],
    ['STACK_NOT_GONE', { came: 'running', removal: 'left', why: why('STACK_LEFT') }, /not gone.*left to the sweep/],
  ])('%s', (code, more, actual) => {
    const [one, all, ...others] = judge([
      stack(1),
      bad(2, { ...more, lastStates: ['task abc (rejected on swarm-1): No such image: x'] }),
      bad(3, { came: 'unlaunched', removal: 'nothing' }),
    ])
    expect(others).toEqual([])
    expect(one).toMatchObject({ subject: stack(2).name, verdict: 'fail', code })
    expect(one?.actual).toMatch(actual)
    expect(all).toMatchObject({ subject: '3 throwaway stacks', verdict: 'fail', code })
    expect(all?.reason).toContain(stack(2).name)
    expect(all?.remedy).toBe(one?.remedy)
  })
})

describe('what says nothing of the target is unknown', () => {
  test.each<[string, readonly StackOutcome[]]>([
    ['a run that was interrupted', [stack(1), bad(2, { came: 'interrupted', removal: 'gone' })]],
    [
      'an engine that went away',
      [
        stack(1),
        bad(2, { came: 'interrupted', removal: 'left', why: { code: 'REACH_ENGINE_GONE', seen: 'it is gone' } }),
      ],
    ],
    [
      'a lock that was lost',
      [stack(1), bad(2, { came: 'unlaunched', removal: 'nothing', why: { code: 'LOCK_LOST', seen: 'it is lost' } })],
    ],
    ['nobody launched them', [1, 2, 3].map((number) => bad(number, { came: 'unlaunched', removal: 'nothing' }))],
  ])('%s', (_, stacks) => {
    const judged = judge(stacks)
    expect(judged.map(({ verdict }) => verdict)).toEqual(judged.map(() => 'unknown'))
    expect(judged.at(-1)?.reason).toBeTruthy()
    expect(judged.at(-1)?.remedy).toBeTruthy()
  })
})

test('a failure stands, whatever else was cut short', () => {
  const judged = judge([bad(1, { came: 'interrupted', removal: 'gone' }), bad(2, { came: 'stuck', removal: 'gone' })])
  expect(judged.at(-1)).toMatchObject({ verdict: 'fail', code: 'STACK_STUCK' })
})

test('it is asked of no host that is not fit', () => {
  const required = throwawayStacksComeAndGo.requires?.map(({ check }) => check.id) ?? []
  expect(required[0]).toBe('PV-ROUTE-001')
  expect(required.filter((id) => id.startsWith('PV-PRE-'))).toHaveLength(11)
})
