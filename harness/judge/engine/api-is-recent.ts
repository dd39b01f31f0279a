import { defineCheck } from '../../model/check.ts'
import { engineVersion } from '../../model/facts/engine-version.ts'

/** Engine 20.10: the oldest one that everything here was tried on. */
const oldestApi = { major: 1, minor: 41 }

export const apiIsRecent = defineCheck({
  id: 'PV-ENG-002',
  title: 'The Engine API is 1.41 or newer',
  needs: { version: engineVersion },
  judge: ({ version }) => {
    const [major = 0, minor = 0] = version.ApiVersion.split('.').map(Number)
    const recent = major > oldestApi.major || (major === oldestApi.major && minor >= oldestApi.minor)
    return [
      {
        subject: 'dockerd',
        expected: `API ${oldestApi.major}.${oldestApi.minor} or newer`,
        actual: `API ${version.ApiVersion} (engine ${version.Version})`,
        ...(recent
          ? { verdict: 'pass' }
          : {
              verdict: 'fail',
              reason: 'older engines answer differently, and nothing here was tried on them',
              remedy: 'Upgrade the engine to 20.10 or newer.',
            }),
      },
    ]
  },
})
