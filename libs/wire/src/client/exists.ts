export {
  readPathWatchRequest as readExistsRequest,
  writePathWatchRequest as writeExistsRequest,
} from './path-watch-request.js';
export { readStatResponse as readExistsResponse, writeStatResponse as writeExistsResponse } from './stat-response.js';
