import { defineConfig, devices } from '@playwright/test'
import { browser } from './e2e/browser.ts'

const PORT = process.env.E2E_PORT ?? '8797'
const baseURL = `http://localhost:${PORT}`
const desktop = devices['Desktop Chrome']

export default defineConfig({
  testDir: './e2e',
  outputDir: './test-results/e2e',
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  // A second browser beside the Worker made two cores slower, not faster.
  workers: 1,
  // What a busy machine may take; nothing here is slow by design.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  use: { baseURL, launchOptions: await browser(), trace: 'retain-on-failure' },
  projects: [
    { name: 'with JavaScript', use: desktop, testIgnore: '**/log.spec.ts' },
    // The markup is the same without it, and axe itself needs it: the walk over all pages is made once.
    {
      name: 'without JavaScript',
      use: { ...desktop, javaScriptEnabled: false },
      testIgnore: ['**/pages.spec.ts', '**/access-accessibility.spec.ts', '**/first-ten-minutes.spec.ts', '**/log.spec.ts'],
    },
    // Reads what the Worker wrote while all of them ran.
    { name: 'the log afterwards', testMatch: '**/log.spec.ts', dependencies: ['with JavaScript', 'without JavaScript'] },
  ],
  webServer: {
    command: 'mkdir -p test-results && node bin/reset.ts && exec node bin/dev.ts > test-results/worker.log 2>&1',
    url: `${baseURL}/healthz`,
    env: { PORT, LATCHKEY_STATE: '.wrangler/e2e', WRANGLER_LOG: 'log' },
    stdout: 'ignore',
    stderr: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
    timeout: 120_000,
  },
})
