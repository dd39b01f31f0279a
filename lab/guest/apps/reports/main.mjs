import { serve } from '../serve.mjs'

// A real one is made anew after each run; here time passes for runs.
const renewedMs = 300_000

let page = render()
setInterval(() => {
  page = render()
}, renewedMs)

function render() {
  const generated = new Date().toISOString()
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Recipe CI reports</title></head>
<body>
<h1>Recipe CI reports</h1>
<p>Generated <time datetime="${generated}">${generated}</time>. Stand-in on a practice host of pvcheck.</p>
</body>
</html>
`
}

serve('report site', Number(process.env['PORT'] ?? 80), ({ url }) => {
  const headers = { 'Content-Type': 'text/html; charset=utf-8' }
  const known = new URL(url ?? '/', 'http://reports.internal').pathname === '/'
  return known ? { headers, body: page } : { status: 404, headers, body: 'no such report\n' }
})
