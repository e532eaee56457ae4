export {
  readRemoveWatchesRequest as readCheckWatchesRequest,
  writeRemoveWatchesRequest as writeCheckWatchesRequest,
} from './remove-watches.js';
