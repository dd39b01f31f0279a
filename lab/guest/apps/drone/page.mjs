/** What every path of the UI gets: one page, whose script would draw the rest. */
export const page = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Drone | Continuous Integration</title></head>
<body><div id="root"></div><noscript>Stand-in for Drone on a practice host of pvcheck.</noscript></body>
</html>
`
