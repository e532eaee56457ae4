export {
  readCreateRequest as readCreateContainerRequest,
  writeCreateRequest as writeCreateContainerRequest,
} from './create.js';
export {
  readCreate2Response as readCreateContainerResponse,
  writeCreate2Response as writeCreateContainerResponse,
} from './create2.js';
