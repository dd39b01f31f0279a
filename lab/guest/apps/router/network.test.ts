import { describe, expect, test } from 'vitest'
import { chooseAddress } from './network.mjs'
import { memoryLog, workload } from './testing.ts'

const both = [
  { name: 'other', address: '10.0.9.3' },
  { name: 'proxy', address: '10.10.0.7' },
]
const settings = (network: string) => ({ enable: true, network, lbSwarm: false })

describe('the address', () => {
  test('is the one on the network that is named', () => {
    const log = memoryLog()
    expect(chooseAddress(workload('a', { settings: settings('proxy'), networks: both }), log)).toBe('10.10.0.7')
    expect(log.lines).toEqual([])
  })

  test('is the first one, without a word, where no network is named', () => {
    const log = memoryLog()
    expect(chooseAddress(workload('a', { settings: settings(''), networks: both }), log)).toBe('10.0.9.3')
    expect(log.lines).toEqual([])
  })

  test('is the first one, with a warning, where the task is not on the network that is named', () => {
    const log = memoryLog()
    const elsewhere = [{ name: 'other', address: '10.0.9.3' }]
    expect(chooseAddress(workload('a', { settings: settings('proxy'), networks: elsewhere }), log)).toBe('10.0.9.3')
    expect(log.lines).toEqual([
      "warn Could not find network named 'proxy' for container 'a_app.1'! " +
        "Maybe you're missing the project's prefix in the label? Defaulting to first available network.",
    ])
  })

  test('is empty where there is none', () => {
    const log = memoryLog()
    expect(chooseAddress(workload('a', { networks: [] }), log)).toBe('')
    expect(log.lines).toEqual(['warn Unable to find the IP address.'])
  })
})
