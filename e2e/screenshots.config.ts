import { defineConfig } from '@playwright/test'
import config from '../playwright.config.ts'

const { webServer = [], projects = [] } = config

/** Looks at every page instead of proving something about it: the pictures are for people. */
export default defineConfig({
  ...config,
  testDir: '.',
  testMatch: 'screenshots.ts',
  outputDir: '../test-results/e2e',
  reporter: 'list',
  projects: projects.slice(0, 1),
  webServer: [webServer].flat().map((server) => ({ ...server, cwd: '..' })),
})
