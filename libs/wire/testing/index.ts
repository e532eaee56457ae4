export { type Golden, goldenFiles, readClientGoldens, readGolden } from './golden.js';
