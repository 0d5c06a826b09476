import { beforeEach } from 'vitest'
import { startOver } from './world'

beforeEach(startOver)
