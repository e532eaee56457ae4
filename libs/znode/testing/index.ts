export { describeTreeStore, type TreeStoreHandle } from './tree-store-contract.js';
