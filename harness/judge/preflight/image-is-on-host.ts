import { plain } from '../../core/text.ts'
import { defineCheck } from '../../model/check.ts'
import { quietSwarm } from '../../model/facts/quiet/swarm.ts'
import { count } from '../say.ts'
import { chooseImage } from './choose-image.ts'

export const imageIsOnHost = defineCheck({
  id: 'PV-PRE-009',
  title: 'The image of the test stacks is on the host',
  needs: { swarm: quietSwarm },
  judge: ({ swarm: { info, images } }, { throwaway }) => {
    const wanted = throwaway.image
    const subject = wanted ?? 'busybox'
    const expected = wanted === undefined ? 'an image called busybox, from whichever registry' : 'it is there'
    const found = chooseImage(images, throwaway)
    if (found !== undefined) {
      const { name, id } = found
      return [
        {
          subject,
          expected,
          actual: `${plain(name, 200)}, ${id.slice(0, 19)}, on ${plain(info.Name, 100)}`,
          verdict: 'pass',
        },
      ]
    }
    const actual = `none of the ${count(images.length, 'image')} on ${plain(info.Name, 100)}`
    if (throwaway.pull && wanted !== undefined) {
      return [{ subject, expected, actual: `${actual}; the nodes pull it`, verdict: 'pass' }]
    }
    return [
      {
        subject,
        expected,
        actual,
        verdict: 'blocked',
        code: 'IMAGE_MISSING',
        reason: throwaway.pull
          ? 'what is to be pulled is not named'
          : 'nothing is pulled unless the configuration says so',
        remedy:
          wanted === undefined
            ? 'Name an image that is there in `expect.throwaway.image`, with a `command` that answers web requests and ends by itself; or pull one: `docker pull busybox`.'
            : `\`docker pull ${wanted}\` on the manager, or correct \`expect.throwaway.image\`; \`expect.throwaway.pull: true\` lets the nodes pull it.`,
      },
    ]
  },
})
