import { defineCheck } from '../../model/check.ts'
import { journalFiles } from '../../model/facts/journal-files.ts'
import { list } from '../say.ts'

export const journalIsPersistent = defineCheck({
  id: 'PV-JRN-003',
  title: 'The journal is kept on disk',
  needs: { files: journalFiles },
  judge: ({ files }) => {
    const open = files.files.filter(({ archived, ofUser }) => !archived && !ofUser)
    // After some quiet minutes, or a message of weight, no file is online; the next line goes to the newest.
    const online = open.filter((file) => file.online)
    const newest = (online.length > 0 ? online : open).toSorted((a, b) => b.tailUs - a.tailUs)[0]
    const written = online.length > 0 || newest === undefined ? online : [newest]
    const said = {
      subject: 'journal',
      expected: 'under /var/log/journal',
      actual: list(written.map(({ path }) => path)) || 'no file that is written to',
    }
    if (newest !== undefined && !newest.volatile) return [{ ...said, verdict: 'pass' }]
    return [
      {
        ...said,
        verdict: 'unknown',
        reason: 'the next boot takes it away: what led to an incident cannot be looked up after it',
        remedy: 'Set `Storage=persistent` in journald.conf, restart systemd-journald, then `journalctl --flush`.',
      },
    ]
  },
})
