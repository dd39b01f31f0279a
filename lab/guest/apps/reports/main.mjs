import { serve } from '../serve.mjs'

const generated = new Date().toISOString()
const body = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Recipe CI reports</title></head>
<body>
<h1>Recipe CI reports</h1>
<p>Generated <time datetime="${generated}">${generated}</time>. Stand-in on a practice host of pvcheck.</p>
</body>
</html>
`

serve('report site', Number(process.env['PORT'] ?? 80), ({ url }) => {
  const headers = { 'Content-Type': 'text/html; charset=utf-8' }
  const known = new URL(url ?? '/', 'http://reports.internal').pathname === '/'
  return known ? { headers, body } : { status: 404, headers, body: 'no such report\n' }
})
