import { defineConfig, devices } from '@playwright/test'
import { browser } from '../e2e/browser.ts'
import { LATCHKEY } from './ports.ts'

/** Certificates are of this run, so the browser takes any; the names below localhost are this machine's in Chromium. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/interop',
  reporter: [['list'], ['json', { outputFile: '../test-results/interop.json' }]],
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  use: {
    ...devices['Desktop Chrome'],
    baseURL: LATCHKEY,
    ignoreHTTPSErrors: true,
    launchOptions: await browser(),
    trace: 'retain-on-failure',
  },
  webServer: ['node e2e/serve.ts', 'node interop/serve.ts'].map((command) => ({
    command,
    cwd: '..',
    wait: { stdout: /all (servers|proxies) answer/ },
    stdout: 'ignore' as const,
    stderr: 'pipe' as const,
    gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 5000 },
    timeout: 120_000,
  })),
})
