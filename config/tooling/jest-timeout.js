/** Gives each Jest project its own time limit: Jest itself has one for all of them. */

import { jest } from '@jest/globals';

jest.setTimeout(globalThis.testTimeoutMs);
