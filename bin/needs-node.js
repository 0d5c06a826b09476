// Loaded first, and plain JavaScript: an older Node cannot even read what comes after it.
const NEEDED = 24

if (process.platform === 'win32') {
  console.error(
    "Latchkey's tools run on Linux and macOS. On Windows run them in WSL: https://learn.microsoft.com/windows/wsl/install",
  )
  process.exit(1)
}
if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  console.error(
    `Latchkey's tools need Node ${NEEDED} or newer, and this is ${process.version}. On Linux and on Intel Macs "npm ci" brings one, unless ` +
      'optional dependencies are left out. Elsewhere install it from https://nodejs.org, then run "npm ci" again.',
  )
  process.exit(1)
}
