import { join } from 'node:path'
import type { Drill, DrillGround, GroundOptions } from '../drill.ts'
import { raiseHost } from '../raise-host.ts'
import { type CensusCase, chooseCensuses, fullCount } from './cases.ts'
import { tryCensus } from './try-census.ts'

export const censusDrill: Drill<CensusCase> = {
  name: 'census',
  proves:
    'On each engine a census names every leaked address and no other, whether or not deploys go on meanwhile: by what dockerd itself holds.',
  fullCount,
  sampleCount: 4,
  measures: 'census',
  covers: [
    'harness/core/**/*.ts',
    'harness/model/**/*.ts',
    'harness/reach/**/*.ts',
    'harness/act/**/*.ts',
    'harness/observe/addresses/*.ts',
    'harness/judge/address/*.ts',
    'harness/judge/census/*.ts',
    'harness/run/*.ts',
    'harness/cli/census.ts',
    'harness/cli/census/*.ts',
    'lab/leak/*.ts',
    'lab/drill/census/*.ts',
    'lab/drill/raise-host.ts',
  ],
  choose: chooseCensuses,
  begin: raiseGround,
}

async function raiseGround(options: GroundOptions): Promise<DrillGround<CensusCase>> {
  const host = await raiseHost(options)
  const { machine, engine, work } = host
  return {
    engine: host.version,
    run: (given, signal) => tryCensus(given, { machine, engine, reports: join(work, String(given.number)), signal }),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  }
}
