import { describe } from 'vitest'
import { throwawayStacksComeAndGo } from '../harness/judge/headroom/throwaway-stacks-come-and-go.ts'
import { launchThrowawayStacks } from '../harness/run/launch-throwaway-stacks.ts'
import { prove } from '../harness/run/prove.ts'

describe('the allocator has room', () => {
  prove(throwawayStacksComeAndGo, launchThrowawayStacks)
})
