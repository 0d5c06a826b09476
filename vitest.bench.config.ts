import { defineConfig } from 'vitest/config'
import { worker } from './vitest.config.ts'

export default defineConfig(async () => ({ test: { projects: [await worker('bench', ['bench/*.bench.ts'])], silent: false } }))
