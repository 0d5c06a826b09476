import { defineConfig, devices } from '@playwright/test'
import { browser } from './e2e/browser.ts'
import { SERVERS, serverOf } from './e2e/servers.ts'

const desktop = devices['Desktop Chrome']

export default defineConfig({
  testDir: './e2e',
  outputDir: './test-results/e2e',
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  workers: SERVERS,
  fullyParallel: true,
  // A test that passes at its second try is counted as flaky, and bin/counts.ts says so.
  retries: 1,
  // What a busy machine may take; nothing here is slow by design.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  use: { baseURL: serverOf(0).origin, launchOptions: await browser(), trace: 'on-first-retry' },
  projects: [
    { name: 'with JavaScript', use: desktop, testIgnore: '**/log.spec.ts' },
    // What only a browser can tell; the other journeys are walked without JavaScript in test/no-javascript.
    { name: 'without JavaScript', use: { ...desktop, javaScriptEnabled: false }, grep: /@without-javascript/ },
    // Reads what the Worker wrote while all of them ran.
    { name: 'the log afterwards', testMatch: '**/log.spec.ts', dependencies: ['with JavaScript', 'without JavaScript'] },
  ],
  webServer: {
    command: 'node e2e/serve.ts',
    wait: { stdout: /all servers answer/ },
    env: { WRANGLER_LOG: 'log' },
    stdout: 'ignore',
    stderr: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
    timeout: 120_000,
  },
})
